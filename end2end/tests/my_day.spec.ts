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
  await dialog(page).getByRole("button", { name: /^In 15 minutes/ }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(bells(page).nth(at)).toHaveAccessibleName(/^Reminder at \d\d:\d\d: /);
  return name;
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
  for (const width of [390, 1440]) {
    for (const theme of ["light", "dark"] as const) {
      await other.page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await other.page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await section(other.page).scrollIntoViewIfNeeded();
      await other.page.screenshot({ path: `results/screens/my-day.${width}.${theme}.en.png`, animations: "disabled" });
    }
  }
  await open(others, manager);
  for (const kind of ["my_day", "reminder"]) {
    expect((await other.stored("base")).join()).toContain(`"${kind}"`);
    expect((await others.stored("base")).join()).not.toContain(`"${kind}"`);
  }
  await expect(section(others.page)).toHaveCount(0);

  await bells(other.page).first().click();
  await dialog(other.page).getByRole("button", { name: "Turn off" }).click();
  await page.bringToFront();
  await expect(bells(page).first()).toHaveAccessibleName(`Remind me: ${name}`, { timeout: HEALED });
  expect([...other.complaints, ...others.complaints]).toEqual([]);
  await other.remove();
  await others.remove();
});

test("it reminds once in all tabs, leads to the record, and tells what was missed while the app was closed", async () => {
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", hourCycle: "h23" }).format();
  test.skip(hour === "23", "the company's day is nearly over");
  const { page, context } = device;
  await context.clock.install();
  await context.setOffline(true);
  await page.goto("/");
  const tab = await context.newPage();
  await tab.goto("/");
  for (const one of [page, tab]) await expect(bells(one)).toHaveCount(5, { timeout: START });
  await page.bringToFront();
  const name = await remind(page, 0);
  await expect(bells(tab).first()).toHaveAccessibleName(/^Reminder at/);
  await context.clock.fastForward(16 * MINUTES);
  const told = () => Promise.all([page, tab].map((one) => toast(one, `: ${name}`).filter({ hasText: /^It is/ }).count()));
  await expect.poll(async () => (await told()).reduce((sum, count) => sum + count)).toBe(1);
  const teller = (await told())[0] === 1 ? page : tab;
  await context.clock.fastForward(10 * MINUTES);
  expect((await told()).reduce((sum, count) => sum + count)).toBe(1);
  const shown = await teller.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return ((await registration?.getNotifications()) ?? []).map(({ title, data }) => [title, data]);
  });
  expect(shown).toEqual([[name, expect.stringMatching(/^\/accounts\//)]]);
  await toast(teller, /^It is/).getByRole("link", { name: "Open" }).click();
  await expect(teller).toHaveURL(new RegExp(shown[0]![1]));
  await expect(toast(teller, /^It is/)).toHaveCount(0);
  await tab.close();

  await visit(page, "/");
  await expect(bells(page).first()).toHaveAccessibleName(/^Reminded at/);
  const missed = await remind(page, 1);
  await page.goto("about:blank");
  await context.clock.fastForward(20 * MINUTES);
  await page.goto("/");
  await expect(toast(page, new RegExp(`^Missed at \\d\\d:\\d\\d: ${missed}`))).toHaveCount(1, { timeout: START });
  await page.reload();
  await expect(bells(page)).toHaveCount(5, { timeout: START });
  await context.clock.fastForward(2 * MINUTES);
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
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(section(page)).toContainText("was deleted, or is not shared");
  expect(device.complaints).toEqual([]);
});
