// A record's history leads back: to one value, and to the whole record as it was; a conflict shows both sides.
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, openFirstAccount, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let device: Device;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
  device = await Device.new(server.origin);
  await device.signIn(rep);
  await openFirstAccount(device.page);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

test("one value comes back, and the whole record as it was, each with one tap and an undo", async () => {
  const { page } = device;
  const account = new URL(page.url()).pathname.split("/")[2];
  const fields = ["website", "short_name", "industry"];
  const stored = () => server.sql(`SELECT ${fields.map((field) => `body->>'${field}'`)} FROM record WHERE id = '${account}'`);
  const edits: Record<string, string>[] = [
    { Website: "first.example", "Short name": "First" },
    { Website: "second.example", Industry: "Later" },
  ];
  for (const edit of edits) {
    await device.editAccount(edit);
    await expect.poll(() => device.stored("outbox"), { timeout: HEALED }).toEqual([]);
  }
  const [[, , industry]] = await stored();
  expect(industry).toBe("Later");
  await page.getByRole("link", { name: "Changes" }).click();
  const change = (value: string) => page.getByRole("listitem").filter({ hasText: value });
  const whole = page.getByRole("button", { name: "Restore the whole record as it was then" });
  await expect(change("Short name").or(change("Industry"))).toHaveCount(2);
  // Nothing is otherwise than after the last save, and of one save one change leads back to all of it.
  await expect(whole).toHaveCount(1);
  await whole.click();
  await expect.poll(async () => (await stored())[0]?.slice(0, 2), { timeout: HEALED }).toEqual(["first.example", "First"]);
  expect((await stored())[0]?.[2]).not.toBe("Later");
  await page.locator(".toast").filter({ hasText: "Restored" }).getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await stored())[0], { timeout: HEALED }).toEqual(["second.example", "First", "Later"]);
  await change("second.example").getByRole("button", { name: "Restore", exact: true }).first().click();
  await expect.poll(async () => (await stored())[0], { timeout: HEALED }).toEqual(["first.example", "First", "Later"]);
  await healed(device);
  expect(device.complaints).toEqual([]);
});

test("of two values each side is named, and one tap takes the other", async () => {
  const other = await Device.new(server.origin, { viewport: { width: 1280, height: 800 } });
  try {
    await other.signIn((await server.demo()).signIns.find(({ role }) => role === "administrator")!);
    const [[name]] = await server.sql(
      `SELECT a.body->>'name' FROM record a JOIN record m ON m.id::text = a.body->>'owner' WHERE a.kind = 'account' AND m.body->>'role' = 'rep' ORDER BY 1`,
    );
    await device.openAccount(name!);
    await other.openAccount(name!);
    await block(device);
    await device.editAccount({ "Access note": "Ring twice" });
    await other.editAccount({ "Access note": "Use the back door" });
    await expect.poll(() => other.stored("outbox"), { timeout: HEALED }).toEqual([]);
    await unblock(device);
    await device.page.evaluate(() => dispatchEvent(new Event("online")));
    await expect.poll(() => device.stored("outbox"), { timeout: HEALED }).toEqual([]);
    await device.page.goto("/sync");
    const sides = device.page.locator(".versus section");
    await expect(sides).toHaveCount(2, { timeout: START });
    const mine = sides.filter({ hasText: "Ring twice" });
    const theirs = sides.filter({ hasText: "Use the back door" });
    await expect(mine).toContainText("Yours");
    // The later is in use: which that is, the devices' clocks say.
    await expect(sides.filter({ hasText: "In use" })).toHaveCount(1);
    const [from, to, value] = (await theirs.getByText("In use").isVisible())
      ? ([mine, "Put mine back", "Ring twice"] as const)
      : ([theirs, "Use this one", "Use the back door"] as const);
    await from.getByRole("button", { name: to }).click();
    const current = () => server.sql(`SELECT body->>'access_note' FROM record WHERE body->>'name' = '${name}'`);
    await expect.poll(current, { timeout: HEALED }).toEqual([[value]]);
    for (const one of [device, other]) await healed(one);
    expect([...device.complaints, ...other.complaints]).toEqual([]);
  } finally {
    await other.remove();
  }
});
