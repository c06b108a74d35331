// The door: what people who cannot get in are told, and that a one-time link works once.
import { expect, test } from "@playwright/test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Device } from "../support/device.ts";
import { NETWORK } from "../support/complaints.ts";
import { demoCompany, fillDoor, openWindow, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;

test.beforeAll(async () => {
  ({ server, rep, manager } = await demoCompany(5));
});
test.afterAll(async () => server?.remove());

test("a wrong password is explained beside the field, in the language of the user", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "zh-CN" }, NETWORK);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: WORDS["zh-CN"].title })).toBeVisible({ timeout: START });
  await fillDoor(page, rep.login!, "not the password", "zh-CN");
  const password = page.getByLabel(WORDS["zh-CN"].password, { exact: true });
  await expect(password).toHaveAccessibleDescription(/账号与密码不匹配/);
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "English" }).click();
  await fillDoor(page, rep.login!, rep.password!);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: START });
  expect(wrongs).toEqual([]);
  await page.context().close();
});

test("nothing typed, and a server out of reach, are said in words", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en" }, NETWORK);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: WORDS.en.title })).toBeVisible({ timeout: START });
  const password = page.getByLabel(WORDS.en.password, { exact: true });
  await page.getByRole("button", { name: WORDS.en.signIn, exact: true }).click();
  await expect(password).toHaveAccessibleDescription(/Fill in both/);
  await page.context().setOffline(true);
  await fillDoor(page, rep.login!, rep.password!);
  await expect(password).toHaveAccessibleDescription(/needs a network/);
  await expect(page.getByLabel(WORDS.en.login), "what was typed stays").toHaveValue(rep.login!);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: WORDS.en.signIn, exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: START });
  expect(wrongs).toEqual([]);
  await page.context().close();
});

test("a sign-in link lets its owner in once", async ({ browser }) => {
  const link = await linkFor();
  const first = await openWindow(browser, { locale: "en" }, NETWORK);
  await first.page.goto(link);
  await expect(first.page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: START });
  await expect(first.page, "the token leaves the address bar").toHaveURL(`${server.origin}/`);
  expect(first.wrongs).toEqual([]);
  await first.page.context().close();

  const second = await openWindow(browser, { locale: "en" }, NETWORK);
  await second.page.goto(link);
  await expect(second.page.getByRole("alert")).toContainText("This link was used or has expired", { timeout: START });
  await second.page.getByRole("link", { name: "Sign in with a password" }).click();
  await expect(second.page.getByLabel(WORDS.en.login)).toBeVisible();
  expect(second.wrongs).toEqual([]);
  await second.page.context().close();
});

test("under somebody else's session in the same browser nothing is sent or seen", async () => {
  const device = await Device.new(server.origin, { locale: "en" });
  const line = () => device.page.locator(".sync-line");
  const arrived = async () => Number((await server.sql("SELECT count(*) FROM record WHERE body ->> 'text' = 'Mine alone'"))[0][0]);
  try {
    await device.signIn(rep);
    const held = (await device.stored("base")).length;
    // As if in another tab: the cookie is the manager's now.
    const status = await device.page.evaluate(async ({ login, password }) => {
      const body = JSON.stringify({ login, password, device_label: "another tab" });
      const answer = await fetch("/api/v1/sign-in", { method: "POST", headers: { "content-type": "application/json" }, body });
      return answer.status;
    }, manager);
    expect(status).toBe(200);
    await device.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Accounts" }).click();
    await device.page.locator(".row-link").first().click();
    await device.page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: WORDS.en.log }).click();
    const sheet = device.page.getByRole("dialog", { name: WORDS.en.log });
    await sheet.locator("textarea").fill("Mine alone");
    await sheet.getByRole("button", { name: WORDS.en.save }).click();
    await expect(line()).toContainText("Sign in again to send");
    expect([(await device.stored("outbox")).length, (await device.stored("base")).length, await arrived()]).toEqual([1, held, 0]);
    await line().click();
    await device.page.getByRole("main").getByRole("link", { name: WORDS.en.signIn }).click();
    await fillDoor(device.page, rep.login!, rep.password!);
    await expect.poll(() => device.stored("outbox")).toEqual([]);
    expect(await arrived()).toBe(1);
  } finally {
    await device.remove();
  }
});

test("a browser killed right after signing in works on without a server, and sends after signing in again", async () => {
  const device = await Device.new(server.origin, { locale: "en" });
  const line = () => device.page.locator(".sync-line");
  const today = () => device.page.getByRole("heading", { name: "Today", level: 1 });
  try {
    await device.signIn(rep);
    await device.installed();
    await device.kill();
    await server.kill9();
    await device.start();
    // Chromium writes them up to half a minute late: none is counted on.
    await device.context.clearCookies();
    await device.page.goto("/");
    await expect(today()).toBeVisible({ timeout: START });
    await device.page.goto("/accounts");
    await device.page.locator(".row-link").first().click();
    await device.page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: WORDS.en.log }).click();
    const sheet = device.page.getByRole("dialog", { name: WORDS.en.log });
    await sheet.locator("textarea").fill("Written after the kill");
    await sheet.getByRole("button", { name: WORDS.en.save }).click();
    await expect(line()).toContainText("1 change waiting");

    await server.restart();
    await device.page.evaluate(() => dispatchEvent(new Event("online")));
    await expect(line()).toContainText("Sign in again to send");
    await line().click();
    await device.page.getByRole("main").getByRole("link", { name: WORDS.en.signIn }).click();
    await fillDoor(device.page, rep.login!, rep.password!);
    await expect.poll(() => device.stored("outbox")).toEqual([]);
    const [[sent]] = await server.sql("SELECT count(*) FROM record WHERE body ->> 'text' = 'Written after the kill'");
    expect(Number(sent)).toBe(1);

    await device.page.goto("/settings");
    await device.page.getByRole("button", { name: "Sign out" }).click();
    await expect(device.page.getByRole("heading", { name: WORDS.en.title })).toBeVisible({ timeout: START });
    await server.kill9();
    await device.page.reload();
    await expect(device.page.getByRole("heading", { name: WORDS.en.title }), "who signed out is forgotten").toBeVisible({ timeout: START });
    expect(device.complaints).toEqual([]);
  } finally {
    await device.remove();
    await server.restart();
  }
});

/** The one-time link that an import prints for a rep. */
async function linkFor(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rounds-"));
  await writeFile(join(folder, "sales_teams.csv"), "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\n");
  const { stdout, signIns } = await server.import(folder, ["--company", "Linked"]);
  await rm(folder, { recursive: true });
  const link = signIns.find(({ name }) => name === "Anna Snelling")?.link;
  if (!link) throw new Error(`the import printed no link:\n${stdout}`);
  return link;
}
