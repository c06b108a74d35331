// An administrator ends a device's access: it hands in what it had not sent and wipes itself, and a manager decides about each
// change (promise 26, sync.md, item 12).
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, logged, log, openFirstAccount, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let people: SignIn[];
const devices: Device[] = [];

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
  people = (await server.demo()).signIns;
});
test.afterAll(async () => {
  for (const device of devices) await device.remove();
  await server?.remove();
});

async function deviceOf(who: SignIn): Promise<Device> {
  const device = await Device.new(server.origin);
  devices.push(device);
  await device.signIn(who);
  return device;
}

test("a revoked device hands in and wipes itself; one change is taken up and another dismissed", async () => {
  const phone = await deviceOf(rep);
  const boss = await deviceOf(people.find(({ role }) => role === "administrator")!);
  await openFirstAccount(phone.page);
  await block(phone);
  await log(phone.page, "Handed in, good");
  await log(phone.page, "Handed in, bad");
  await expect.poll(() => phone.stored("outbox")).toHaveLength(2);

  await test.step("the list of devices says whose each is, and ends the access of one", async () => {
    await boss.page.goto("/devices");
    const [[name]] = await server.sql("SELECT m.body->>'name' FROM device d JOIN record m ON m.id = d.member_id WHERE m.body->>'role' = 'rep'");
    const card = boss.page.getByRole("article").filter({ hasText: name! });
    await expect(card).toContainText(/last contact.*version/, { timeout: START });
    await expect(boss.page.getByRole("article").filter({ hasText: "This device" })).not.toContainText("Revoke");
    await card.getByRole("button", { name: "Revoke" }).click();
    const dialog = boss.page.getByRole("dialog", { name: /^Revoke/ });
    await expect(dialog).toContainText("first hands in what it has not sent");
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await expect(card).toContainText("Revoked");
  });

  await test.step("the device hands in, wipes itself and says why", async () => {
    await unblock(phone);
    await phone.page.evaluate(() => dispatchEvent(new Event("online")));
    await expect(phone.page.getByRole("alert")).toContainText("This device was revoked", { timeout: HEALED });
    const databases = () => phone.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    await expect.poll(databases).toEqual(["rounds"]);
    expect(await logged(server, "Handed in"), "nothing is applied by itself").toEqual([]);
  });

  await test.step("who may decide takes one up and dismisses the other", async () => {
    const [[waits]] = await server.sql("SELECT count(*) FROM parked_op");
    expect(waits).toBe("2");
    const desk = await deciding(boss.page);
    const card = (text: string) => desk.getByRole("article").filter({ hasText: text });
    await expect(card("Handed in, good")).toContainText("The device was revoked before it had sent this");
    await card("Handed in, good").getByRole("button", { name: "Take up" }).click();
    await expect(card("Handed in, good")).toBeHidden();
    await card("Handed in, bad").getByRole("button", { name: "Dismiss" }).click();
    await desk.getByRole("dialog", { name: "Dismiss this change?" }).getByRole("button", { name: "Dismiss" }).click();
    await expect(card("Handed in, bad")).toBeHidden();
    await expect.poll(() => logged(server, "Handed in"), { timeout: HEALED }).toEqual(["Handed in, good"]);
    await healed(boss);
  });

  await test.step("the author signs in anew, and is told what became of it", async () => {
    await phone.signIn(rep);
    await phone.page.goto("/notices");
    await expect(phone.page.getByText(/made your change for you/).first()).toBeVisible({ timeout: START });
    await expect(phone.page.getByText(/decided against your change/).first()).toBeVisible();
    await healed(phone);
  });
  for (const device of devices) expect(device.complaints).toEqual([]);
});

async function deciding(page: Page): Promise<Page> {
  await page.goto("/decisions");
  await expect(page.getByRole("heading", { name: "Waiting for a decision", level: 1 })).toBeVisible({ timeout: START });
  return page;
}
