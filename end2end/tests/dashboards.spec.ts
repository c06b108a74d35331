// Dashboards: one for each role comes with the app; one's own is made of it and changed without a network, by pointer and by
// keys, and is still there afterwards; two devices change it at once and lose nothing; shared, each counts what is his.
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, go, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { HEALED } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;
let device: Device;

const NAME = "Where I stand";
const tile = (page: Page, title: string) => page.locator(".tile").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
const titles = (page: Page) => page.locator(".tile h2").allTextContents();
/** The page's title, which a quiet line may follow. */
const heading = (page: Page, name: string) => page.getByRole("heading", { name: new RegExp(`^${name}`), level: 1 });
const sent = (one: Device) => expect.poll(() => one.stored("outbox"), { timeout: HEALED }).toEqual([]);

/** How many records a tile says that its query finds. */
async function counted(page: Page, title: string): Promise<number> {
  const count = tile(page, title).locator(".count");
  await expect(count).toHaveText(/\d/, { timeout: START });
  return Number((await count.textContent())!.replace(/\D/g, ""));
}

async function add(page: Page, query: string): Promise<void> {
  await page.getByRole("combobox", { name: "Add a query" }).selectOption({ label: query });
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(tile(page, query)).toBeVisible();
}

async function open(one: Device, who: SignIn): Promise<void> {
  await one.signIn(who);
  await one.installed();
  await sent(one);
}

test.beforeAll(async () => {
  ({ server, rep, manager } = await demoCompany(60));
  device = await Device.new(server.origin, { viewport: { width: 900, height: 1100 } });
  await open(device, rep);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

test("a rep's dashboard is there without a network, each tile leads to its query, and a bar to its records", async () => {
  const { page } = device;
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: START });
  await device.context.setOffline(true);
  await go(page, "/more");
  await page.getByRole("main").getByRole("link", { name: "Dashboards" }).click();
  await expect(heading(page, "My work")).toBeVisible({ timeout: START });
  await expect(page.locator(".tile")).toHaveCount(6);
  const found = await counted(page, "My week");
  const rows = tile(page, "My week").locator(".row");
  expect(await rows.count()).toBe(Math.min(found, 5));
  await expect(tile(page, "Mine, by stage").locator(".mark")).toHaveCount(5);
  await expect(page.getByText("This query cannot be answered.")).toHaveCount(0);

  await tile(page, "My week").getByRole("link", { name: "My week", exact: true }).click();
  await expect(heading(page, "My week")).toBeVisible();
  await expect(page.locator(".page-title .quiet").filter({ visible: true }).first()).toContainText(`${found} record`);
  await page.goBack();
  await tile(page, "Mine, by stage").getByRole("button", { name: /^Customer/ }).click();
  await expect(heading(page, "Mine, by stage")).toBeVisible();
  await expect(page.locator("#inside-section .row").first()).toBeVisible();
});

test("it becomes one's own, is changed without a network, and is still there afterwards", async () => {
  const { page } = device;
  await go(page, "/dashboards");
  await page.getByRole("button", { name: "Make my own of it" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(NAME);
  await page.getByRole("textbox", { name: "Name" }).press("Tab");
  await expect(heading(page, NAME)).toBeVisible();

  // Nothing is put where no query is chosen.
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator(".field-error", { hasText: "Choose a query" })).toBeVisible();
  await add(page, "By area");

  await page.getByRole("button", { name: "Remove: New this month" }).click();
  await expect(tile(page, "New this month")).toHaveCount(0);
  const removed = page.locator(".toast").filter({ hasText: "Removed: New this month" });
  await removed.getByRole("button", { name: "Undo" }).click();
  await expect(tile(page, "New this month")).toBeVisible();
  await page.getByRole("button", { name: "Remove: Birthdays in 30 days" }).click();
  await expect(tile(page, "Birthdays in 30 days")).toHaveCount(0);

  // By keys: the button that moves a tile keeps the focus.
  const up = page.getByRole("button", { name: "Move up: My week" });
  await up.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => titles(page)).toEqual(["My week", "My overdue", "Mine, not contacted for 30 days", "Mine, by stage", "New this month", "By area"]);
  await expect(page.getByRole("button", { name: "Move down: My week" })).toBeFocused();
  await expect(up).toBeDisabled();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await titles(page))[1]).toBe("My week");

  await tile(page, "My overdue").getByRole("combobox", { name: "Shown as: My overdue" }).selectOption({ label: "Number" });
  await expect(tile(page, "My overdue").locator(".figure dd")).toHaveText(/^\d+$/);
  await tile(page, "By area").getByRole("button", { name: "Full width" }).click();
  await page.getByRole("button", { name: "Done", exact: true }).click();
  await expect(page.locator(".tile-tools")).toHaveCount(0);

  await page.reload();
  await expect(heading(page, NAME)).toBeVisible({ timeout: START });
  expect(await titles(page)).toEqual(["My overdue", "My week", "Mine, not contacted for 30 days", "Mine, by stage", "New this month", "By area"]);
  await expect(tile(page, "My overdue").locator(".figure dd")).toHaveText(/^\d+$/);
  await expect(tile(page, "By area")).toHaveAttribute("data-wide");
  await device.context.setOffline(false);
  await sent(device);
  const kept = await server.sql(`SELECT jsonb_array_length(body->'tiles')::text FROM record WHERE kind = 'dashboard' AND body->>'name' = '${NAME}'`);
  expect(kept).toEqual([["6"]]);
});

test("two devices that change it without seeing each other lose nothing", async () => {
  const other = await Device.new(server.origin);
  await open(other, rep);
  const pages = [device.page, other.page];
  await go(other.page, "/dashboards");
  for (const page of pages) {
    await page.getByRole("navigation", { name: "Dashboards" }).getByRole("link", { name: NAME }).click({ timeout: START });
    await page.getByRole("button", { name: "Edit" }).click();
    await expect(page.locator(".tile-tools")).toHaveCount(6);
  }
  await device.context.setOffline(true);
  await other.context.setOffline(true);
  await add(device.page, "By owner");
  await tile(device.page, "My week").getByRole("button", { name: "Full width" }).click();
  await add(other.page, "By source");
  await tile(other.page, "My week").getByRole("combobox", { name: "Shown as: My week" }).selectOption({ label: "Number" });
  await device.context.setOffline(false);
  await other.context.setOffline(false);
  for (const [page, added] of [[device.page, "By source"], [other.page, "By owner"]] as const) {
    await page.bringToFront();
    await expect(tile(page, added)).toBeVisible({ timeout: HEALED });
    await expect(tile(page, "My week")).toHaveAttribute("data-wide");
    await expect(tile(page, "My week").locator(".figure dd")).toHaveText(/^\d+$/);
    await expect(page.locator(".tile")).toHaveCount(8);
  }
  expect(await titles(device.page)).toEqual(await titles(other.page));
  expect(other.complaints).toEqual([]);
  await other.remove();
});

test("a manager shares his with the reps, and each counts what is his", async () => {
  const other = await Device.new(server.origin, { viewport: { width: 1440, height: 900 } });
  await open(other, manager);
  const { page } = other;
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Dashboards" }).click();
  await expect(heading(page, "My team")).toBeVisible({ timeout: START });
  await expect(page.getByRole("navigation", { name: "Dashboards" }).getByRole("link")).toHaveText(["My team", "My work"]);
  const all = await counted(page, "Not contacted for 30 days");
  await page.getByRole("button", { name: "Make my own of it" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("For every rep");
  await page.getByRole("radio", { name: "Some" }).check();
  await page.getByRole("radio", { name: "Rep", exact: true }).check();
  await page.getByRole("button", { name: "Done", exact: true }).click();
  await sent(other);

  await device.page.bringToFront();
  await go(device.page, "/dashboards");
  await device.page.getByRole("navigation", { name: "Dashboards" }).getByRole("link", { name: "For every rep" }).click({ timeout: HEALED });
  await expect(heading(device.page, "For every rep")).toBeVisible();
  const own = await counted(device.page, "Not contacted for 30 days");
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThan(all);
  // It is the manager's: a rep makes his own of it.
  await expect(device.page.getByRole("button", { name: "Edit", exact: true })).toHaveCount(0);
  await expect(device.page.getByRole("button", { name: "Make my own of it" })).toBeVisible();

  await page.bringToFront();
  await page.locator('[popovertarget="dashboard-menu"]').click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(heading(page, "My team")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("navigation", { name: "Dashboards" }).getByRole("link", { name: "For every rep" })).toBeVisible();
  expect([...device.complaints, ...other.complaints]).toEqual([]);
  await other.remove();
});
