// Lists: sorted by a field under its headings, rows chosen by key and by pointer, one change to all of them, and one way back.
import { expect, type Page, test } from "@playwright/test";
import { demoCompany, go, openWindow, signIn, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(60));
});
test.afterAll(async () => server?.remove());

test("rows are sorted, chosen and changed together, offline, and all brought back at once", async ({ browser }) => {
  const { page, wrongs } = await openWindow(
    browser, { baseURL: server.origin, viewport: { width: 1440, height: 900 } }, /ERR_INTERNET_DISCONNECTED/,
  );
  await page.goto("/");
  await expect(page.getByRole("heading", { name: WORDS.en.title })).toBeVisible({ timeout: START });
  await signIn(page, rep);
  await go(page, "/accounts");
  await sortBy(page, "Stage");
  await expect(page.locator(".rows .row-group h2").first()).toHaveText("Potential");
  await shoot(page, "sorted");

  // Down the list, the heading of what is in sight stays.
  const stuck = page.locator(".row-group[data-stuck]");
  await expect(stuck).toBeHidden();
  await page.locator(".pane-list").evaluate((pane) => pane.scrollTo(0, 900));
  await expect(stuck).toBeVisible();
  await shoot(page, "stuck");
  await page.locator(".pane-list").evaluate((pane) => pane.scrollTo(0, 0));

  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Select", exact: true }).click();
  const boxes = page.getByRole("checkbox");
  await boxes.nth(0).click();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  await expect(page.getByText("4 selected")).toBeVisible();
  await boxes.nth(3).press("Space");
  await expect(page.getByText("3 selected")).toBeVisible();
  const names = await page.locator('.row:has([aria-checked="true"]) .row-name').allTextContents();
  await shoot(page, "chosen");

  await page.getByRole("button", { name: "Edit…" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit 3 accounts" });
  await dialog.getByLabel("Field").selectOption({ label: "Stage" });
  await dialog.getByRole("radio", { name: "Lost" }).check();
  await shoot(page, "edit");
  // What the gate of "Lost" asks for is asked here too.
  await dialog.getByRole("button", { name: "Set Stage for 3" }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Reason for loss").fill("Moved away");
  await dialog.getByRole("button", { name: "Set Stage for 3" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Stage: 3 accounts changed")).toBeVisible();
  await expect(page.getByText("3 changes waiting")).toBeVisible();
  for (const name of names) {
    await page.getByRole("searchbox").fill(`"${name}" stage:lost`);
    await expect(page.locator(".results").getByRole("link", { name })).toBeVisible();
  }
  await page.getByRole("searchbox").fill("");

  await page.getByRole("button", { name: "Undo" }).click();
  await page.context().setOffline(false);
  const lost = `SELECT count(*) FROM record WHERE kind = 'account' AND body->>'lost_reason' = 'Moved away'`;
  const seen = `SELECT count(*) FROM field_history WHERE field = 'lost_reason' AND value = '"Moved away"'`;
  await expect.poll(async () => Number((await server.sql(seen))[0][0]), { timeout: START }).toBe(3);
  await expect.poll(async () => Number((await server.sql(lost))[0][0]), { timeout: START }).toBe(0);
  expect(wrongs).toEqual([]);
  await page.context().close();
});

async function sortBy(page: Page, field: string): Promise<void> {
  await page.getByRole("button", { name: "Sort" }).click();
  await page.locator("#account-order").getByRole("button", { name: field, exact: true }).click();
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const size of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `results/lists/${name}.${size.width}.${colorScheme}.png`, animations: "disabled" });
    }
  }
}
