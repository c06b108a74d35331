// Two reps enter one company offline under variants of its name: both keep their own, a case opens, their manager merges and
// takes it back, and each sees the other's work exactly as long as the two are one.
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, go, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, log, unblock } from "../support/work.ts";

const OURS = "Rongsheng Trading Co., Ltd.";
const THEIRS = "RONGSHENG Trading Limited";

let server: Server;
let people: SignIn[];

test.beforeAll(async () => {
  ({ server, people } = await company());
});
test.afterAll(async () => server?.remove());

test("one company entered twice is one case, merged by the manager and taken back", async () => {
  const [first, second, manager] = await Promise.all(people.map((person) => signedIn(person)));
  if (!first || !second || !manager) throw new Error("three people are needed");
  try {
    await test.step("both reps enter it without a network", async () => {
      for (const [device, name] of [[first, OURS], [second, THEIRS]] as const) {
        await block(device);
        await enter(device, name);
        await log(device.page, `visited ${name}`);
        await expect.poll(() => device.stored("outbox")).toHaveLength(2);
      }
    });

    await test.step("each keeps his own and learns of the other by name", async () => {
      for (const device of [first, second]) {
        await unblock(device);
        await device.page.evaluate(() => dispatchEvent(new Event("online")));
        await expect.poll(() => device.stored("outbox")).toEqual([]);
      }
      await expect.poll(cases).toEqual([["open"]]);
      await first.openAccount(OURS);
      await expect(first.page.getByText(`Probably the same customer as ${THEIRS}`)).toBeVisible();
      await go(first.page, "/decisions");
      await expect(first.page.getByText(/Whoever sees both accounts can decide/)).toBeVisible();
      await expect(first.page.getByRole("button", { name: "Same customer: merge…" })).toHaveCount(0);
      await first.page.goto("/accounts");
      await first.page.getByRole("searchbox").fill("rongsheng");
      await expect(first.page.locator(`section[aria-labelledby="account"] .row`)).toHaveCount(1);
    });

    await test.step("the manager merges, and the survivor shows the work of both to both", async () => {
      await go(manager.page, "/decisions");
      await manager.page.getByRole("button", { name: "Same customer: merge…" }).click();
      const dialog = manager.page.getByRole("dialog", { name: "Merge accounts" });
      await dialog.getByLabel("The account that stays").selectOption({ label: await label(manager, THEIRS) });
      await expect(dialog.getByText(/0 contacts and 1 follow-up of Rongsheng/)).toBeVisible();
      await dialog.getByRole("button", { name: "Merge", exact: true }).click();
      await expect(manager.page.getByText("Probably one customer twice")).toHaveCount(0);
      await expect.poll(cases).toEqual([["merged"]]);
      for (const device of [first, second]) {
        await device.openAccount(THEIRS);
        await expect(device.page.getByText(`visited ${OURS}`, { exact: true })).toBeVisible();
        await expect(device.page.getByText(`visited ${THEIRS}`, { exact: true })).toBeVisible();
      }
    });

    await test.step("the merged account's page says where it went and takes it back", async () => {
      await go(manager.page, `/accounts/${await id(OURS)}`);
      await expect(manager.page.getByRole("link", { name: `Merged into ${THEIRS}` })).toBeVisible();
      await manager.page.getByRole("button", { name: "Undo the merge" }).click();
      await expect(manager.page.getByRole("link", { name: "Timeline" })).toBeVisible();
      await expect.poll(cases).toEqual([["open"]]);
      await second.openAccount(THEIRS);
      await expect(second.page.getByText(`visited ${THEIRS}`, { exact: true })).toBeVisible();
      await expect(second.page.getByText(`visited ${OURS}`, { exact: true })).toHaveCount(0);
    });

    await test.step("two customers they are, and nobody is asked again", async () => {
      await go(manager.page, "/decisions");
      await manager.page.getByRole("button", { name: "Different customers" }).click();
      await expect.poll(cases).toEqual([["kept_apart"]]);
      await expect(manager.page.getByText("Probably one customer twice")).toHaveCount(0);
    });
    expect([first, second, manager].flatMap((device) => device.complaints)).toEqual([]);
  } finally {
    for (const device of [first, second, manager]) await device.remove();
  }
});

/** Two reps of one team of the demo company, who have one password, and their manager. */
async function company(): Promise<{ server: Server; people: SignIn[] }> {
  const { server, rep, manager } = await demoCompany(10);
  return { server, people: [rep, { ...rep, name: "王芳", login: "wang.fang@demo.example" }, manager] };
}

async function signedIn(person: SignIn): Promise<Device> {
  const device = await Device.new(server.origin);
  await device.signIn(person);
  return device;
}

async function enter(device: Device, name: string): Promise<void> {
  await go(device.page, "/accounts/new");
  const form = device.page.getByRole("dialog");
  await form.getByLabel("Name").first().fill(name);
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(device.page.getByRole("heading", { name, level: 1 })).toBeVisible({ timeout: START });
}

const cases = () => server.sql("SELECT body->>'state' FROM record WHERE kind = 'collision'");

async function id(name: string): Promise<string> {
  const [[found = ""] = []] = await server.sql(`SELECT id FROM record WHERE body->>'name' = '${name}'`);
  return found;
}

async function label(device: Device, name: string): Promise<string> {
  const options = device.page.getByRole("dialog").getByRole("option");
  return (await options.filter({ hasText: name }).first().textContent()) ?? "";
}
