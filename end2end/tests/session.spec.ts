// Signing in and out around unsent work: it is nobody else's, it is never dropped silently, and it is sent (promises 25, 26).
import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, fillDoor, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, line, log, logged, openFirstAccount, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;
let device: Device;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
  const { signIns } = await server.demo();
  manager = signIns.find(({ role }) => role === "manager")!;
});
test.beforeEach(async () => {
  device = await Device.new(server.origin);
  await device.signIn(rep);
  await openFirstAccount(device.page);
});
test.afterEach(async () => device?.remove());
test.afterAll(async () => server?.remove());

const door = () => device.page.getByRole("heading", { name: WORDS.en.title });

async function signOut(): Promise<void> {
  await device.page.goto("/settings");
  await device.page.getByRole("button", { name: "Sign out" }).click();
}

/** The way to the door that the page about syncing shows. */
async function signInAgain(tab: Page): Promise<void> {
  await line(tab).click();
  await tab.locator(".sync-now").getByRole("link", { name: "Sign in", exact: true }).click();
}

test("work goes on under a session that ended, and is sent from another tab in which one signs in again", async () => {
  const { page } = device;
  const second = await device.context.newPage();
  await openFirstAccount(second);
  await device.context.clearCookies();
  await log(page, "Session ended one");
  await expect(line(page)).toContainText("Sign in again to send · 1 change waiting");
  await log(page, "Session ended two");
  await expect(line(second)).toContainText("Sign in again to send · 2 changes waiting");
  expect(await device.stored("outbox")).toHaveLength(2);
  await signInAgain(second);
  await fillDoor(second, rep.login!, rep.password!);
  await expect.poll(() => logged(server, "Session ended"), { timeout: HEALED }).toHaveLength(2);
  await expect(line(page)).toContainText("All sent", { timeout: HEALED });
  await healed(device);
  expect(device.complaints).toEqual([]);
});

test("signing out says how much is not sent, gives it as a file, and leaves it for nobody but its author", async () => {
  const { page } = device;
  const second = await device.context.newPage();
  await openFirstAccount(second);
  await block(device);
  await log(page, "Signed out one");
  await log(page, "Signed out two");
  await signOut();
  const dialog = page.getByRole("dialog", { name: "Sign out" });
  await expect(dialog).toContainText("2 changes are not sent yet");
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save the changes as a file" }).click();
  const file = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(JSON.stringify(file.waiting)).toMatch(/Signed out one.*Signed out two/);
  await dialog.getByRole("button", { name: "Sign out anyway" }).click();
  await expect(door()).toBeVisible();
  await expect(second.getByRole("heading", { name: WORDS.en.title }), "other tabs follow").toBeVisible();

  await unblock(device);
  await fillDoor(page, manager.login!, manager.password!);
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: START });
  await expect(second.getByRole("navigation", { name: "Main" }), "as whoever signs in").toBeVisible({ timeout: START });
  await healed(device);
  for (const tab of [page, second]) await expect(tab.getByText("Signed out one")).toHaveCount(0);
  expect(await logged(server, "Signed out"), "the next user cannot push it").toEqual([]);

  await signOut();
  await expect(door()).toBeVisible();
  await fillDoor(page, rep.login!, rep.password!);
  await expect.poll(() => logged(server, "Signed out"), { timeout: HEALED }).toEqual(["Signed out one", "Signed out two"]);
  expect(device.complaints).toEqual([]);
});

test("a tab that missed a change of users neither sends nor shows what is another's", async () => {
  const { page } = device;
  await block(device);
  await log(page, "Under another session");
  await expect.poll(() => device.stored("outbox")).toHaveLength(1);
  // Another user's session came into the same browser by a way of which no tab was told.
  const answer = await device.context.request.post("/api/v1/sign-in", {
    data: { login: manager.login, password: manager.password },
    headers: { origin: server.origin },
  });
  expect(answer.ok()).toBe(true);
  await unblock(device);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(line(page)).toContainText("Sign in again to send · 1 change waiting");
  expect(await logged(server, "Under another session")).toEqual([]);
  await signInAgain(page);
  await fillDoor(page, rep.login!, rep.password!);
  await expect.poll(() => logged(server, "Under another session"), { timeout: HEALED }).toHaveLength(1);
  await healed(device);
  expect(device.complaints).toEqual([]);
});

test("no network is never a sign-out, and with one everything is flushed before signing out", async () => {
  const { page } = device;
  await device.installed();
  await device.context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: START });
  await log(page, "Flushed");
  await expect(line(page)).toContainText("Offline · 1 change waiting");
  await device.context.setOffline(false);
  await signOut();
  await expect(door()).toBeVisible();
  expect(await logged(server, "Flushed")).toEqual(["Flushed"]);
  expect(await device.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual(["rounds"]);
  expect(device.complaints).toEqual([]);
});
