// Three tabs of one device: all write, one talks to the server, and which one does not matter (promise 23).
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { block, healed, HEALED, line, log, logged, logSheet, openFirstAccount, unblock } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let device: Device;
let tabs: Page[];

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
  device = await Device.new(server.origin);
  await device.signIn(rep);
  await device.installed();
  await device.reopen(); // Chromium writes a cookie to the disk within half a minute, or when it is closed.
  await openTabs();
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
});

/** The first tab leads: it was there before the others. */
async function openTabs(): Promise<void> {
  tabs = [device.page];
  await openFirstAccount(device.page);
  for (const _ of [2, 3]) {
    const tab = await device.context.newPage();
    await openFirstAccount(tab);
    tabs.push(tab);
  }
}

const texts = (prefix: string, which: number[]) => which.map((at) => `${prefix} in tab ${at}`);
const write = (prefix: string, which: number[]) => Promise.all(which.map((at) => log(tabs[at]!, `${prefix} in tab ${at}`)));

test("what three tabs write at the same time arrives once, and each shows all of it", async () => {
  await write("Together", [0, 1, 2]);
  await expect.poll(() => logged(server, "Together"), { timeout: HEALED }).toEqual(texts("Together", [0, 1, 2]));
  for (const tab of tabs) {
    for (const text of texts("Together", [0, 1, 2])) await expect(tab.getByText(text).first()).toBeVisible();
    await expect(line(tab)).toContainText("All sent");
  }
});

test("what is saved while the tab reads what another one wrote stays on its screen", async () => {
  const [, one, other] = tabs as [Page, Page, Page];
  const sheet = await logSheet(one, "Saved meanwhile");
  // The moment in question: the other tab's op is being read, and what is saved now is not among it.
  await one.evaluate(() => {
    const read = IDBObjectStore.prototype.getAll;
    IDBObjectStore.prototype.getAll = function (...range) {
      if (this.name.startsWith("outbox") && this.transaction.mode === "readonly") {
        IDBObjectStore.prototype.getAll = read;
        queueMicrotask(() => document.querySelector<HTMLButtonElement>("dialog[open] button.primary")?.click());
      }
      return read.apply(this, range);
    };
  });
  await block(device);
  await log(other, "Written elsewhere");
  await expect(sheet).toBeHidden();
  await expect(line(one)).toContainText("2 changes waiting");
  for (const text of ["Saved meanwhile", "Written elsewhere"]) await expect(one.getByText(text).first()).toBeVisible();
  await unblock(device);
  await one.evaluate(() => dispatchEvent(new Event("online")));
  for (const tab of tabs) await expect(line(tab)).toContainText("All sent", { timeout: HEALED });
});

test("the status line of a tab that does not lead tells what the leader meets, and its button works", async () => {
  await server.kill9();
  await log(tabs[2]!, "From a tab that does not lead");
  for (const tab of tabs) await expect(line(tab)).toContainText(/Offline · 1 change waiting · last sent/);
  await server.restart();
  await tabs[2]!.goto("/sync");
  await tabs[2]!.getByRole("button", { name: /Try now|Sync now/ }).click();
  for (const tab of tabs) await expect(line(tab)).toContainText("All sent", { timeout: HEALED });
  await openFirstAccount(tabs[2]!);
});

test("a frozen leader holds nothing up, and thawed again it sends nothing twice", async () => {
  const leader = await device.context.newCDPSession(tabs[0]!);
  await lifecycle(leader, "frozen");
  await write("Without the leader", [1, 2]);
  await expect.poll(() => logged(server, "Without the leader"), { timeout: HEALED }).toEqual(texts("Without the leader", [1, 2]));
  for (const tab of tabs.slice(1)) await expect(line(tab)).toContainText("All sent", { timeout: HEALED });
  await lifecycle(leader, "active");
  await write("Thawed", [0, 1, 2]);
  await expect.poll(() => logged(server, "Thawed"), { timeout: HEALED }).toEqual(texts("Thawed", [0, 1, 2]));
  expect(await logged(server, "Without the leader")).toHaveLength(2);
});

test("what was written behind a frozen leader survives the end of all tabs", async () => {
  await block(device);
  await lifecycle(await device.context.newCDPSession(tabs[0]!), "frozen");
  await write("Killed", [1, 2]);
  await expect.poll(() => stored(tabs[1]!)).toBe(2);
  await device.kill();
  await device.start();
  await openFirstAccount(device.page);
  await expect.poll(() => logged(server, "Killed"), { timeout: HEALED }).toEqual(texts("Killed", [1, 2]));
  await healed(device);
  expect(device.complaints).toEqual([]);
});

async function lifecycle(session: CDPSession, state: "frozen" | "active"): Promise<void> {
  await session.send("Page.setWebLifecycleState", { state });
}

/** How many changes wait, asked in a tab that runs. */
async function stored(tab: Page): Promise<number> {
  const words = await line(tab).textContent();
  return Number(words?.match(/(\d+) changes? waiting/)?.[1] ?? 0);
}
