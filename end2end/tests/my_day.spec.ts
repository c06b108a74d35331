// My day: a question plans it, without a network; each of its records can remind at a time, on all devices of its owner and
// nobody else's; a reminder is told once, with the way to its record, and one that was missed when the app opens again.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, go, START, visit } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { HEALED } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;
let device: Device;

const QUESTION = "Mine, not contacted for 30 days";
const MINUTES = 60_000;
const section = (page: Page) => page.getByRole("region", { name: "My day", exact: true });
const bells = (page: Page) => section(page).locator(".bell");
const dialog = (page: Page) => page.getByRole("dialog", { name: "Remind me" });
const toast = (page: Page, text: RegExp | string) => page.locator(".toast").filter({ hasText: text });
const sent = (one: Device) => expect.poll(() => one.stored("outbox"), { timeout: HEALED }).toEqual([]);

/** Opens the menu of the question that is shown, and chooses a line of it. */
async function choose(page: Page, item: string): Promise<void> {
  await page.locator('[popovertarget="query-menu"]').click();
  await page.getByRole("button", { name: item, exact: true }).click();
}

/** Sets the reminder of a row in a quarter of an hour, and gives its name. */
async function remind(page: Page, at: number): Promise<string> {
  const name = (await section(page).locator(".row-name").nth(at).textContent())!;
  await bells(page).nth(at).click();
  await dialog(page).getByRole("button", { name: /^In 15 min/ }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(bells(page).nth(at)).toHaveAccessibleName(/^Reminder at \d\d:\d\d: /);
  return name;
}

/** Pictures of the section and of what its bell asks, in results/screens: look at them. */
async function shoot(page: Page, language: string): Promise<void> {
  for (const [width, height] of [[390, 844], [1440, 900]] as const) {
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      const path = (name: string) => `results/screens/${name}.${width}.${theme}.${language}.png`;
      await page.locator(".bell").nth(4).scrollIntoViewIfNeeded();
      await page.screenshot({ path: path("my-day"), animations: "disabled" });
      await page.locator(".bell").first().click();
      await page.screenshot({ path: path("my-day-remind"), animations: "disabled" });
      await page.keyboard.press("Escape");
    }
  }
}

async function open(one: Device, who: SignIn): Promise<void> {
  await one.context.grantPermissions(["notifications"]);
  await one.signIn(who);
  await one.installed();
  await sent(one);
}

test.beforeAll(async () => {
  ({ server, rep, manager } = await demoCompany(60));
  device = await Device.new(server.origin);
  await open(device, rep);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

test("a question plans the day without a network, and another one or none as easily", async () => {
  const { page } = device;
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: START });
  await expect(section(page)).toHaveCount(0);
  await device.context.setOffline(true);
  await visit(page, "/queries/my_not_contacted");
  await choose(page, "Use for my day");
  await page.getByRole("button", { name: "Undo" }).click();
  await choose(page, "Use for my day");
  await expect(toast(page, `Your day on Today: ${QUESTION}`).first()).toBeVisible();
  await expect(page.locator(".row").filter({ hasText: QUESTION })).toContainText("My day");

  await go(page, "/");
  await expect(section(page).getByRole("link", { name: QUESTION })).toHaveAttribute("href", "/queries/my_not_contacted");
  const found = Number(await section(page).locator(".count").first().textContent());
  expect(found).toBeGreaterThan(5);
  await expect(section(page).locator(".row")).toHaveCount(5);
  await section(page).getByRole("button", { name: "Show all" }).click();
  await expect(section(page).locator(".row")).toHaveCount(found);
  await section(page).locator(".row-link").nth(1).click();
  await expect(page).toHaveURL(/\/accounts\//);
  await page.goBack();

  // Figures are nothing to do.
  await visit(page, "/queries/by_stage");
  await page.locator('[popovertarget="query-menu"]').click();
  await expect(page.getByRole("button", { name: "Export as CSV" }).or(page.locator("#query-menu .menu-item").first())).toBeVisible();
  await expect(page.getByRole("button", { name: "Use for my day" })).toHaveCount(0);
  await page.keyboard.press("Escape");

  await page.reload();
  await visit(page, "/");
  await expect(section(page).locator(".row")).toHaveCount(5, { timeout: START });
  await device.context.setOffline(false);
  await sent(device);
});

test("a reminder is on all devices of its owner, and on nobody else's", async () => {
  const { page } = device;
  await visit(page, "/");
  await bells(page).first().click();
  await dialog(page).getByLabel("Time today").fill("00:00");
  await dialog(page).getByRole("button", { name: "Remind me" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("still ahead today");
  await expect(dialog(page)).toContainText("while Rounds is open");
  expect((await new AxeBuilder({ page }).analyze()).violations.map((one) => one.id)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(bells(page).first()).toBeFocused();
  const name = await remind(page, 0);
  await sent(device);

  const [other, others] = [await Device.new(server.origin, { viewport: { width: 1440, height: 900 } }), await Device.new(server.origin)];
  await open(other, rep);
  await expect(bells(other.page).first()).toHaveAccessibleName(new RegExp(`^Reminder at .*: ${name}`), { timeout: HEALED });
  expect((await new AxeBuilder({ page: other.page }).analyze()).violations.map((one) => one.id)).toEqual([]);
  await shoot(other.page, "en");
  await open(others, manager);
  // His manager, who sees the same accounts, has neither his day nor his reminder.
  await expect(others.page.locator(".today .row").first()).toBeVisible();
  await expect(section(others.page)).toHaveCount(0);

  await bells(other.page).first().click();
  await dialog(other.page).getByRole("button", { name: "Turn off" }).click();
  await page.bringToFront();
  await expect(bells(page).first()).toHaveAccessibleName(`Remind me: ${name}`, { timeout: HEALED });
  await visit(other.page, "/settings");
  await other.page.getByRole("radio", { name: "简体中文" }).click();
  await go(other.page, "/");
  await shoot(other.page, "zh-CN");
  expect([...other.complaints, ...others.complaints]).toEqual([]);
  await other.remove();
  await others.remove();
});

test("it reminds once in all tabs, leads to the record, and tells what was missed while the app was closed", async () => {
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", hourCycle: "h23" }).format();
  test.skip(hour === "23", "the company's day is nearly over");
  const { page, context } = device;
  // Time goes on by leaps; Playwright's own clock numbers its timers beyond what wasm can clear.
  await context.addInitScript(() => {
    const now = Date.now;
    Date.now = () => now() + Number(localStorage.getItem("ahead"));
  });
  const leap = async (ms: number, pages: Page[]) => {
    await page.evaluate((ms) => localStorage.setItem("ahead", String(Number(localStorage.getItem("ahead")) + ms)), ms);
    for (const one of pages) await one.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  };
  await context.setOffline(true);
  await page.goto("/");
  const tab = await context.newPage();
  await tab.goto("/");
  const tabs = [page, tab];
  for (const one of tabs) await expect(bells(one)).toHaveCount(5, { timeout: START });
  await page.bringToFront();
  const name = await remind(page, 0);
  await expect(bells(tab).first()).toHaveAccessibleName(/^Reminder at/);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format();
  const at = Date.parse(`${day}T${await bells(page).first().textContent()}:00+08:00`);
  const told = async () => (await Promise.all(tabs.map((one) => toast(one, /^It is/).count()))).reduce((sum, count) => sum + count);
  // Some seconds before nothing is said, and then it comes by itself.
  await leap(at - 3_000 - (await page.evaluate(() => Date.now())), tabs);
  expect(await told()).toBe(0);
  await expect.poll(told, { timeout: 20_000 }).toBe(1);
  await leap(10 * MINUTES, tabs);
  await page.waitForTimeout(3_000); // what a tab that is not seen waits before it tells, and more
  expect(await told()).toBe(1);
  const teller = (await toast(page, /^It is/).count()) === 1 ? page : tab;
  await expect(toast(teller, `: ${name}`).last()).toBeVisible();
  const shown = await teller.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return ((await registration?.getNotifications()) ?? []).map(({ title, data }) => [title, data]);
  });
  expect(shown).toEqual([[name, expect.stringMatching(/^\/accounts\//)]]);
  await toast(teller, /^It is/).getByRole("link", { name: "Open" }).click();
  await expect(teller).toHaveURL(new RegExp(shown[0]![1]));
  await expect(toast(teller, /^It is/)).toHaveCount(0);
  await tab.close();

  await page.goto("/");
  await expect(bells(page).first()).toHaveAccessibleName(/^Reminded at/, { timeout: START });
  const missed = await remind(page, 1);
  await page.goto("about:blank");
  await context.addInitScript(() => {
    const now = Date.now;
    Date.now = () => now() + 20 * 60_000;
  });
  await page.goto("/");
  await expect(toast(page, new RegExp(`^Missed at \\d\\d:\\d\\d: ${missed}`))).toHaveCount(1, { timeout: START });
  await page.reload();
  await expect(bells(page)).toHaveCount(5, { timeout: START });
  await page.waitForTimeout(3_000);
  await expect(page.locator(".toast")).toHaveCount(0);
});

test("when the question is gone the day says so, and offers another", async () => {
  const { page } = device;
  await go(page, "/queries/my_week/edit");
  await page.locator("form.designer").getByRole("button", { name: "Save" }).click();
  await expect(page.locator('[popovertarget="query-menu"]')).toBeVisible();
  await choose(page, "Use for my day");
  await choose(page, "Delete");
  await go(page, "/");
  await expect(section(page)).toContainText("was deleted, or is not shared");
  await expect(section(page).getByRole("link", { name: "Choose another query" })).toHaveAttribute("href", "/queries");
  await section(page).getByRole("button", { name: "Stop using for my day" }).click();
  await expect(section(page)).toHaveCount(0);
  const stopped = page.locator(".toast").filter({ hasText: "No query plans your day any more" });
  await stopped.getByRole("button", { name: "Undo" }).click();
  await expect(section(page)).toContainText("was deleted, or is not shared");
  expect(device.complaints).toEqual([]);
});
