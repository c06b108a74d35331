// A new version over the data of an older one: a tab that is in the way is named, and a thousand changes arrive (promise 24).
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, line, log, logged, openFirstAccount, unblock } from "../support/work.ts";

const MANY = 1_000;

let server: Server;
let rep: SignIn;
let device: Device;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
  device = await Device.new(server.origin);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

test("a tab with an older version is in the way: the screen says what to do, and then a thousand changes are sent", async () => {
  await device.signIn(rep);
  await openFirstAccount(device.page);
  await block(device);
  await log(device.page, "Queued 0001");
  await expect.poll(() => device.stored("outbox")).toHaveLength(1);
  const old = await device.context.newPage();
  await device.page.goto("about:blank");
  // A page without the app: the service worker answers every other address with it.
  await old.goto("/api/v1/session");
  await old.evaluate(putBack, MANY);
  await device.page.goto("/");
  const told = device.page.getByRole("alert");
  await expect(told).toContainText(/open in another tab with an older version.*Close the other tabs/i, { timeout: START });
  await old.close();
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(line(device.page)).toContainText("1,000 changes waiting", { timeout: START });
  await unblock(device);
  await device.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect.poll(async () => (await logged(server, "Queued")).length, { timeout: HEALED }).toBe(MANY);
  expect(new Set(await logged(server, "Queued")).size).toBe(MANY);
  await healed(device);
  expect(device.complaints).toEqual([]);
});

/** Writes the member's database as the app of format 10 had it, with so many changes waiting, and holds it open. */
async function putBack(many: number): Promise<void> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const name = (await indexedDB.databases()).find((one) => one.name?.startsWith("rounds."))!.name!;
  const today = await done(indexedDB.open(name));
  // Format 10 had nowhere to put a file.
  const tables = [...today.objectStoreNames].filter((table) => table !== "files" && table !== "bytes");
  const content = new Map<string, [IDBValidKey, string][]>();
  for (const table of tables) {
    const store = today.transaction(table).objectStore(table);
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    content.set(table, keys.map((key, at) => [key, values[at]]));
  }
  today.close();
  await done(indexedDB.deleteDatabase(name));

  const [[, first]] = content.get("outbox")!;
  const { op } = JSON.parse(first);
  const outbox: [string, string][] = [];
  for (let n = 1; n <= many; n++) {
    const record = crypto.randomUUID();
    const number = String(n).padStart(4, "0");
    const text = JSON.stringify({ op: { ...op, n, op_id: crypto.randomUUID() } });
    const made = op.writes.find((write: { kind: string }) => write.kind === "follow_up").id;
    outbox.push([String(n).padStart(20, "0"), text.replaceAll(made, record).replaceAll("Queued 0001", `Queued ${number}`)]);
  }
  content.set("outbox", outbox);
  const meta = content.get("meta")!;
  const device = meta.find(([key]) => key === "device")!;
  device[1] = JSON.stringify({ ...JSON.parse(device[1]), n: many, last_op: null });

  const request = indexedDB.open(name, 10);
  request.onupgradeneeded = () => tables.forEach((table) => request.result.createObjectStore(table));
  const older = await done(request);
  const transaction = older.transaction(tables, "readwrite");
  for (const [table, rows] of content) {
    for (const [key, value] of rows) transaction.objectStore(table).put(value, key);
  }
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  // A connection that nobody refers to is closed when the browser collects garbage.
  Object.assign(globalThis, { older });
}
