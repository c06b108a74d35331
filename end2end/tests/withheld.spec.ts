// A server that takes records away and cannot say why: they stay, it is said, and their owner decides (promise 7).
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, go, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;
let device: Device;
/** The accounts of the rep, as the server sent them. */
const accounts = new Set<string>();
/** Whether the next answer takes them away. */
let mad = false;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(8));
  device = await Device.new(server.origin);
  await device.context.route("**/api/v1/sync", async (route) => {
    // As from a device that reads no pages, whose rows come one by one; what is compressed is none of its first requests.
    const asked = route.request().postData();
    const response = await route.fetch(asked?.startsWith("{") ? { postData: asked.replace(/,"pages":"."/, "") } : {});
    const answer = await response.json();
    for (const row of answer.rows ?? []) if (row.kind === "account") accounts.add(row.id);
    if (mad) {
      answer.removed = [...accounts];
      mad = false;
    }
    await route.fulfill({ response, json: answer });
  });
  await device.signIn(rep);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

test("what nothing explains stays until its owner lets it go, through a restart", async () => {
  const rows = () => device.page.locator(".row-link");
  await go(device.page, "/accounts");
  await expect(rows()).not.toHaveCount(0);
  const all = await rows().count();
  expect(accounts.size).toBe(all);
  mad = true;
  await go(device.page, "/sync");
  await device.page.getByRole("button", { name: "Sync now" }).click();
  const card = () => device.page.getByRole("article").filter({ hasText: `${all} records would be taken from this device` });
  await expect(card()).toBeVisible();
  await expect(device.page.locator(".sync-line").first()).toContainText("1 needs attention");
  await go(device.page, "/accounts");
  await expect(rows()).toHaveCount(all);

  await device.reopen();
  await device.page.goto("/");
  await expect(device.page.getByRole("link", { name: /records would be taken/ })).toBeVisible({ timeout: START });
  await device.page.getByRole("link", { name: /records would be taken/ }).click();
  await card().getByRole("button", { name: "Let them go" }).click();
  await expect(card()).toBeHidden();
  await go(device.page, "/accounts");
  await expect(rows()).toHaveCount(0);
  expect(device.complaints).toEqual([]);
});
