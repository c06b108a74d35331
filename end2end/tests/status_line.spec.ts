// The line that says where the work is, through everything that can be in its way (promise 27).
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, line, log, openFirstAccount, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let device: Device;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
  device = await Device.new(server.origin);
  await device.signIn(rep);
  await device.installed();
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});
test.beforeEach(async () => openFirstAccount(device.page));
test.afterEach(async () => {
  await unblock(device);
  expect(device.complaints).toEqual([]);
});

const now = () => device.page.locator(".sync-now");
const press = (name: RegExp) => now().getByRole("button", { name }).click();

test("without a network and without a server: what waits, since when, and the last success", async () => {
  const { page } = device;
  await expect(line(page)).toContainText(/^All sent · last sent/);
  await device.context.setOffline(true);
  await log(page, "No network");
  await expect(line(page)).toContainText(/^Offline · 1 change waiting · last sent/);
  await page.goto("/sync");
  await expect(now()).toContainText(/1 change waits on this device.*The oldest is from.*Data as of/);
  await device.context.setOffline(false);
  await expect(line(page)).toContainText(/^All sent/, { timeout: HEALED });
  await server.kill9();
  await openFirstAccount(page);
  await log(page, "No server");
  await expect(line(page)).toContainText(/^Offline · 1 change waiting/);
  await server.restart();
  await page.goto("/sync");
  await press(/Try now|Sync now/);
  await expect(now()).toContainText("Everything is sent", { timeout: HEALED });
  await healed(device);
});

test("a server that asks to wait is waited for, and is not a missing network", async () => {
  const { page } = device;
  await block(device, { status: 429, headers: { "retry-after": "3600" } });
  await log(page, "Slow down");
  await expect(line(page)).toContainText(/^1 change waiting/);
  await page.goto("/sync");
  await log(page, "Slower");
  await expect(now()).toContainText(/2 changes wait.*Tries again at/);
  await unblock(device);
  await press(/Sync now/);
  await expect(line(page)).toContainText(/^All sent/, { timeout: HEALED });
});

test("a server that needs a newer app: reading and writing go on, and the page offers to reload", async () => {
  const { page } = device;
  await block(device, { status: 426, body: { code: "upgrade", message: "Reload." } });
  await log(page, "Too old");
  await expect(line(page)).toContainText(/^A new version is needed to send · 1 change waiting/);
  await page.goto("/sync");
  await expect(now()).toContainText("A newer version is needed to send");
  expect(await device.stored("outbox")).toHaveLength(1);
  await expect(page.getByRole("button", { name: /Export what is not sent/ })).toBeVisible();
  await unblock(device);
  await press(/Reload the app/);
  await expect(line(page)).toContainText(/^All sent/, { timeout: START });
});

test("what the server refuses needs attention, and is edited and sent again", async () => {
  const { page } = device;
  await block(device);
  const address = page.url();
  await device.editAccount({ Website: "refused.example" });
  await expect.poll(() => device.stored("outbox")).toHaveLength(1);
  // As an app would have written it that knew no limit.
  await corrupt("refused.example", "x".repeat(300));
  await unblock(device);
  await page.goto("/sync");
  await expect(line(page)).toContainText(/^1 needs attention/, { timeout: HEALED });
  const matter = page.getByRole("article").filter({ hasText: "What you wrote is safe here" });
  await matter.getByRole("button", { name: "Edit and send" }).click();
  const form = page.getByRole("dialog");
  await form.locator("summary").first().click();
  await form.getByLabel("Website", { exact: true }).first().fill("short.example");
  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(line(page)).toContainText(/^All sent/, { timeout: HEALED });
  await expect(matter).toBeHidden();
  const id = address.match(/accounts\/([^/?]+)/)![1];
  expect(await server.sql(`SELECT body->>'website' FROM record WHERE id = '${id}'`)).toEqual([["short.example"]]);
  await healed(device);
});

/** Puts other words into what waits. */
async function corrupt(from: string, to: string): Promise<void> {
  await device.page.evaluate(
    async ([from, to]) => {
      const name = (await indexedDB.databases()).find((one) => one.name?.startsWith("rounds."))!.name!;
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      const transaction = database.transaction("outbox", "readwrite");
      const cursor = transaction.objectStore("outbox").openCursor();
      cursor.onsuccess = () => {
        cursor.result?.update(cursor.result.value.replaceAll(from, to));
        cursor.result?.continue();
      };
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
    },
    [from, to] as const,
  );
}
