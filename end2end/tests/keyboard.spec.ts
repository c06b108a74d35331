// Everything a rep does every day works without a pointer, and the focus can be seen wherever it goes.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { demoCompany, openWindow, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

/** Presses of Tab after which a part of a page counts as out of reach. */
const FAR = 60;

let server: Server;
let rep: SignIn;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(10));
});
test.afterAll(async () => server?.remove());

test("a rep signs in, finds an account and logs a follow-up with the keys alone", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en", viewport: { width: 1280, height: 800 } });
  const { keyboard } = page;
  await page.goto("/");
  await expect(page.getByRole("heading", { name: WORDS.en.title })).toBeVisible({ timeout: START });
  await reach(page.getByLabel(WORDS.en.login));
  await keyboard.type(rep.login!);
  await reach(page.getByLabel(WORDS.en.password, { exact: true }));
  await keyboard.type(rep.password!);
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: START });

  const [[account]] = await server.sql(
    `SELECT a.body->>'name' FROM record a JOIN record m ON m.id::text = a.body->>'owner' WHERE a.kind = 'account' AND m.body->>'name' = '${rep.name.replaceAll("'", "''")}' LIMIT 1`,
  );
  await keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await keyboard.type(account);
  const link = page.getByRole("main").getByRole("link", { name: account }).first();
  await expect(link).toBeVisible();
  await reach(link);
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: account, level: 1 })).toBeVisible();

  await keyboard.press("l");
  const sheet = page.getByRole("dialog", { name: WORDS.en.log });
  await expect(sheet.getByPlaceholder("What happened?")).toBeFocused();
  await keyboard.type("Written without a pointer");
  await reach(sheet.getByRole("radiogroup", { name: "Outcome" }).getByRole("radio").first());
  await keyboard.press("Space");
  await keyboard.press("ArrowRight");
  await expect(sheet.getByRole("radiogroup", { name: "Outcome" }).getByRole("radio").nth(1)).toBeChecked();
  await reach(sheet.getByRole("button", { name: WORDS.en.save }));
  await keyboard.press("Enter");
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("main").getByText("Written without a pointer")).toBeVisible();
  expect(wrongs).toEqual([]);
  await page.context().close();
});

/** Goes to a part of the page with Tab, and makes sure that one sees it there. */
async function reach(target: Locator): Promise<void> {
  const page: Page = target.page();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < FAR && !(await isThere()); presses++) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
  const focused = await page.screenshot({ animations: "disabled" });
  await target.blur();
  const unfocused = await page.screenshot({ animations: "disabled" });
  expect(focused.equals(unfocused), `the focus is invisible on ${target}`).toBe(false);
  await target.focus();
}
