// A browser that takes the app's data away: it is said, with how much was not sent, and what can be kept is (promise 22).
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, fillDoor, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, line, log, logged, openFirstAccount, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let device: Device;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
});
test.beforeEach(async () => {
  device = await Device.new(server.origin);
  await device.signIn(rep);
  await openFirstAccount(device.page);
  await block(device);
});
test.afterEach(async () => {
  await device?.remove();
});
test.afterAll(async () => server?.remove());

test("under an open app what was not sent goes into a new database, is sent once, and the user is told", async () => {
  const { page } = device;
  await log(page, "Evicted one");
  await log(page, "Evicted two");
  await page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: WORDS.en.log }).click();
  const sheet = page.getByRole("dialog", { name: WORDS.en.log });
  await sheet.locator("textarea").fill("After the eviction");
  await evict();
  await sheet.getByRole("button", { name: WORDS.en.save }).click();
  await expect(page.getByText(/removed this app’s data.*2 unsent changes were still open here and are kept/)).toBeVisible();
  // Whichever came first, the next exchange or the save, found out. The save did not succeed then, and what was typed is kept.
  const done = page.getByText("3 changes waiting");
  await expect(done.or(sheet).first()).toBeVisible();
  if (await sheet.isVisible()) {
    await expect(sheet.locator("textarea")).toHaveValue("After the eviction");
    await sheet.getByRole("button", { name: WORDS.en.save }).click();
  }
  await expect(sheet).toBeHidden();
  await expect(line(page)).toContainText("3 changes waiting");
  await unblock(device);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect.poll(() => logged(server, "Evicted"), { timeout: HEALED }).toEqual(["Evicted one", "Evicted two"]);
  await expect.poll(() => logged(server, "After the eviction"), { timeout: HEALED }).toHaveLength(1);
  await healed(device);
  expect(device.complaints).toEqual([]);
});

test("while the app was closed, the door says how much was last known to wait", async () => {
  await log(device.page, "Lost one");
  await log(device.page, "Lost two");
  await expect(line(device.page)).toContainText("2 changes waiting");
  // Another page of the same site, so that no app is there to notice.
  await device.page.goto("/api/v1/session");
  await evict();
  await unblock(device);
  await device.page.goto("/");
  const told = device.page.getByRole("alert");
  await expect(told).toContainText("The browser removed this app’s data from this device", { timeout: START });
  await expect(told).toContainText("2 changes were last known not to be sent");
  await fillDoor(device.page, rep.login!, rep.password!);
  await expect(device.page.getByText(/2 changes had not been sent/)).toBeVisible({ timeout: START });
  await healed(device);
  expect(device.complaints).toEqual([]);
});

/** What a browser short of room does: all databases of the site at once, without asking. */
async function evict(): Promise<void> {
  const session = await device.context.newCDPSession(device.page);
  await session.send("Storage.clearDataForOrigin", { origin: server.origin, storageTypes: "indexeddb" });
}
