// The public pool and the gates: what is nobody's goes to the first who reaches the server, and an account is not lost
// without a reason.
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, go, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, log, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;
let device: Device;
let other: Device;
let name: string;

const toast = (page: Device["page"], text: string | RegExp) => page.locator(".toast").filter({ hasText: text });
const sent = (one: Device) => expect.poll(() => one.stored("outbox"), { timeout: HEALED }).toEqual([]);
/** The name of the account's owner. */
async function owner(): Promise<string | null> {
  const rows = await server.sql(
    `SELECT m.body->>'name' FROM record a LEFT JOIN record m ON m.id::text = a.body->>'owner' WHERE a.kind = 'account' AND a.body->>'name' = '${name}'`,
  );
  return rows[0]?.[0] || null;
}

test.beforeAll(async () => {
  ({ server, rep, manager } = await demoCompany(5));
  device = await Device.new(server.origin);
  other = await Device.new(server.origin, { viewport: { width: 1280, height: 800 } });
  await device.signIn(rep);
  await other.signIn(manager);
  await device.page.goto("/accounts");
  name = (await device.page.locator(".row-link").first().locator(".row-name").textContent())!.trim();
  await device.openAccount(name);
});
test.afterAll(async () => {
  await device?.remove();
  await other?.remove();
  await server?.remove();
});

test("an account that is given back goes to the first who claims it, and the other is told who has it", async () => {
  const { page } = device;
  await page.locator('[popovertarget="record-menu"]').click();
  await page.getByRole("button", { name: "Release to the public pool" }).click();
  await expect(toast(page, `Released to the pool: ${name}`)).toBeVisible();
  await expect(page.getByText("In the public pool")).toBeVisible();
  await sent(device);
  expect(await owner()).toBeNull();
  await other.page.goto("/accounts");
  await other.page.getByRole("button", { name: "Public pool" }).click({ timeout: START });
  await other.page.getByRole("link", { name: new RegExp(name) }).first().click();
  const claim = (one: Device) => one.page.getByRole("button", { name: "Claim" });
  await expect(claim(other)).toBeVisible({ timeout: START });

  await block(device);
  await block(other);
  await claim(device).click();
  await expect(toast(page, `Claimed: ${name}`)).toBeVisible();
  await expect(page.getByText("In the public pool")).toBeHidden();
  await log(page, "Wants two pallets");
  await claim(other).click();
  await unblock(other);
  await sent(other);
  await unblock(device);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await sent(device);
  expect(await owner()).toBe(manager.name);
  expect(await server.sql("SELECT body->>'text' FROM record WHERE body->>'text' = 'Wants two pallets'")).toHaveLength(1);
  await go(page, "/notices");
  const told = page.getByRole("article").filter({ hasText: name });
  await expect(told).toContainText(`${manager.name} claimed this account first`, { timeout: HEALED });
  await healed(device);
  await healed(other);
  expect(device.complaints).toEqual([]);
  expect(other.complaints).toEqual([]);
});

test("an account is not called lost without a reason, and what holds no longer waits for the reason", async () => {
  const { page } = other;
  await other.openAccount(name);
  await page.getByRole("link", { name: "Edit" }).first().click();
  const form = page.getByRole("dialog");
  await form.locator("summary").first().click();
  await form.getByRole("radio", { name: "Lost" }).check();
  await form.getByRole("button", { name: "Save", exact: true }).click();
  const reason = form.getByRole("textbox", { name: "Reason for loss" });
  await expect(reason).toBeFocused();
  await expect(form.locator(".field-error")).toHaveCount(1);
  await reason.fill("Closed the site");
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(form).toBeHidden();
  await sent(other);
  expect(await server.sql(`SELECT body->>'stage', body->>'lost_reason' FROM record WHERE kind = 'account' AND body->>'name' = '${name}'`)).toEqual([["lost", "Closed the site"]]);
  expect(other.complaints).toEqual([]);
});
