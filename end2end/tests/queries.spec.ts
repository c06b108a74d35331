// The query designer: a question is built without a network, counted as it is built, kept, shown as bars and as a table,
// exported, and still there when the phone starts offline; shared with reps, it is on their devices.
import { expect, type Page, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { Device } from "../support/device.ts";
import { demoCompany, go, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { HEALED } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;
let device: Device;

const NAME = "Shanghai, by stage";
const form = (page: Page) => page.locator("form.designer");
const sent = (one: Device) => expect.poll(() => one.stored("outbox"), { timeout: HEALED }).toEqual([]);

/** How many records the designer says that it finds now. */
async function counted(page: Page): Promise<number> {
  const said = await form(page).getByRole("status").locator("strong").textContent();
  return Number(said!.replace(/\D/g, ""));
}

test.beforeAll(async () => {
  ({ server, rep, manager } = await demoCompany(40));
  device = await Device.new(server.origin, { viewport: { width: 1280, height: 900 } });
  await device.signIn(rep);
  await device.installed();
  await sent(device);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

test("a question is built offline, counted, kept, drawn, and exported", async () => {
  const { page } = device;
  await page.goto("/queries");
  await expect(page.getByRole("link", { name: /No next step/ })).toBeVisible({ timeout: START });
  await device.context.setOffline(true);
  await page.getByRole("link", { name: "New query" }).first().click();
  await form(page).getByRole("textbox", { name: "Name" }).fill(NAME);
  await expect(form(page).getByRole("status")).toContainText("records found");
  const all = await counted(page);
  expect(all).toBeGreaterThan(0);

  await form(page).getByRole("button", { name: "Condition", exact: true }).click();
  await form(page).getByRole("combobox", { name: "Field", exact: true }).selectOption({ label: "Stage" });
  await expect(form(page).getByRole("status")).toContainText("Unfinished conditions");
  expect(await counted(page)).toBe(all);
  await form(page).getByRole("checkbox", { name: "Potential" }).check();
  await expect.poll(() => counted(page)).toBeLessThan(all);
  await form(page).getByRole("checkbox", { name: "Engaged" }).check();

  await form(page).getByRole("button", { name: "Save" }).scrollIntoViewIfNeeded();
  await form(page).getByRole("button", { name: "Condition", exact: true }).click();
  await form(page).getByRole("button", { name: "Save" }).click();
  await expect(form(page).locator(".field-error", { hasText: "Choose a field" })).toBeVisible();
  await form(page).getByRole("button", { name: "Remove" }).nth(1).click();

  await form(page).getByRole("group", { name: "Group by" }).getByRole("button", { name: "Group", exact: true }).click();
  await form(page).getByRole("combobox", { name: "Group by", exact: true }).selectOption({ label: "Stage" });
  const finds = await counted(page);
  await form(page).getByRole("button", { name: "Save" }).click();

  await expect(page.getByRole("heading", { name: NAME, level: 1 })).toBeVisible();
  const bars = page.locator(".bars .mark");
  await expect(bars).toHaveCount(2);
  const said = await bars.evaluateAll((marks) => marks.map((mark) => mark.getAttribute("aria-label") ?? ""));
  expect(said.reduce((sum, words) => sum + Number(/: (\d+)/.exec(words)?.[1]), 0)).toBe(finds);
  // By keys from bar to bar, and into the records of one.
  await bars.first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(bars.nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#inside-section .row").first()).toBeVisible();

  await page.getByRole("radio", { name: "Table" }).check();
  await expect(page.getByRole("columnheader", { name: "Stage" })).toBeVisible();
  await expect(page.locator(".table tbody tr")).toHaveCount(2);

  const download = page.waitForEvent("download");
  await page.locator('[popovertarget="query-menu"]').click();
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await readFile((await (await download).path())!, "utf8");
  expect(file.startsWith("\ufeffStage,Count\r\n")).toBe(true);
  expect(file.trimEnd().split("\r\n")).toHaveLength(3);
});

test("it is there when the app starts without a network, and on the server once there is one", async () => {
  const { page } = device;
  await page.reload();
  await expect(page.getByRole("heading", { name: NAME, level: 1 })).toBeVisible({ timeout: START });
  await expect(page.locator(".bars .mark")).toHaveCount(2);
  await device.context.setOffline(false);
  await sent(device);
  const kept = await server.sql(`SELECT body->'query'->>'from' FROM record WHERE kind = 'saved_query' AND body->>'name' = '${NAME}'`);
  expect(kept).toEqual([["account"]]);
  expect(device.complaints).toEqual([]);
});

test("a ready-made question becomes the manager's own, shared with the reps, and stands in their menu", async () => {
  const other = await Device.new(server.origin, { viewport: { width: 1280, height: 900 } });
  await other.signIn(manager);
  const { page } = other;
  await page.goto("/queries/overdue");
  await page.getByRole("link", { name: "Make my own of it" }).click({ timeout: START });
  await form(page).getByRole("textbox", { name: "Name" }).fill("Late for all");
  await form(page).getByRole("radio", { name: "Some" }).check();
  await form(page).getByRole("radio", { name: "Rep", exact: true }).check();
  await form(page).getByRole("switch", { name: "In the menu" }).check();
  await form(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Late for all", level: 1 })).toBeVisible();
  await sent(other);
  await device.page.bringToFront();
  await expect(device.page.getByRole("navigation").getByRole("link", { name: "Late for all" })).toBeVisible({ timeout: HEALED });
  await go(device.page, "/queries");
  await device.page.getByRole("main").getByRole("link", { name: /Late for all/ }).click();
  await expect(device.page.getByRole("link", { name: "Make my own of it" })).toBeVisible();
  await other.remove();
});
