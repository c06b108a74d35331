// What a rep feels with his territory in the hand: its first load with the server beside it, everything else without one.
import { expect, type Page } from "@playwright/test";
import { Device } from "../../support/device.ts";
import { fillDoor, go, START } from "../../support/rep.ts";
import { freePort, type Server, type SignIn } from "../../support/server.ts";
import { Colleague } from "./colleague.ts";
import { type Figures, sampled, spread } from "./figures.ts";
import { type Inside, install } from "./inside.ts";
import { lighthouse } from "./lighthouse.ts";
import type { Recorder } from "./recorder.ts";
import type { Rows } from "./rows.ts";
import {
  blocked, bulkEdit, interactions, LETTERS, memory, NAMES, observed, openAccounts, PATIENCE, report, saves, search, sort, STARTS, typed,
} from "./tasks.ts";

/** So long a first load may take, milliseconds. */
const LOAD = 1_200_000;
/** What the first list begins with. */
const ROW = "main .row-link";

/** Measures under the path, and ends the server on the way, with the recorder before it. */
export async function measureRounds(figures: Figures, path: string, server: Server, recorder: Recorder, rep: SignIn, rows: Rows): Promise<void> {
  const port = await freePort();
  const device = await Device.new(recorder.origin, { locale: "en", args: [`--remote-debugging-port=${port}`] });
  const step = <T>(name: string, measure: () => Promise<T>) => figures.step(`${path}/${name}`, measure);
  const page = () => device.page;
  try {
    if (!(await step("first_load", () => firstLoad(device, rep, rows)))) return;
    recorder.replay();
    await step("load", async () => {
      const other = await Device.new(recorder.origin, { locale: "en" });
      return firstLoad(other, rep, rows).finally(() => other.remove());
    });
    recorder.forget();
    // Lighthouse gets a browser without what measures in the page.
    await device.reopen();
    await step("lighthouse", () => lighthouse(recorder.origin, port));
    // It took the service worker and all caches.
    await page().goto("/");
    await device.installed();
    await go(page(), "/accounts");
    const found = await foundAtRest(page());
    await step("search_pulling", () => searchWhilePulling(device, recorder.origin, rep, rows.own));
    await server.kill9();
    recorder.close();

    await step("start", () => starts(device));
    await step("searchable", () => searchable(device, found));
    await step("search", () => observed(page(), () => search(page())));
    await step("account", () => openAccounts(page(), rows.accounts));
    await step("save", () => observed(page(), () => saves(page(), rows.accounts[0])));
    await step("report", () => observed(page(), () => report(page())));
    await step("sort", () => observed(page(), () => sort(page(), ["Name", "Last contact"])));
    await step("group", () => observed(page(), () => sort(page(), ["Stage", "Next follow-up"])));
    await step("memory", () => memory(page()));
    await started(device, "/accounts");
    await step("interactions", () => interactions(page()));
    await step("bulk_edit", () => observed(page(), () => bulkEdit(page())));
  } finally {
    await device.remove();
  }
}

/** From the navigation until the first list is seen, as it was drawn by an earlier start, and until it answers what is tapped. */
async function starts(device: Device) {
  await started(device, "/");
  await expect.poll(async () => (await device.stored("meta")).join(), { timeout: START }).toContain('"html"');
  const seen = await sampled(Array.from({ length: STARTS }), PATIENCE, async () => {
    await started(device, "/");
    const times = await device.page.evaluate(async () => {
      const { inside } = window as unknown as Inside;
      return { listed: await inside.listed, answers: await inside.answers };
    });
    return { ...times, ...(await device.page.evaluate(blocked, 0)) };
  });
  const of = (figure: keyof (typeof seen)[number]) => seen.map((one) => one[figure]);
  const tasks = { longest_task_ms: Math.max(...of("longest_task_ms")), tasks_over_50_ms: Math.max(...of("tasks_over_50_ms")) };
  return { ...spread(of("listed")), answers: spread(of("answers")), ...tasks };
}

/** How often rows come while somebody searches. */
const PULLS = 4;

/** Types as rows come that were changed elsewhere while the device had no network, until all are taken over. */
async function searchWhilePulling(device: Device, origin: string, rep: SignIn, accounts: string[]) {
  const other = await Colleague.signIn(origin, rep);
  await started(device, "/accounts");
  const { page, context } = device;
  await foundAtRest(page);
  const cursor = async () => JSON.parse((await device.stored("meta")).find((text) => text.includes('"cursor"'))!).cursor as string;
  const samples: number[] = [];
  for (let pull = 0; pull < PULLS; pull++) {
    await context.setOffline(true);
    await other.edit(accounts, `Trade ${pull}`);
    const before = await cursor();
    await context.setOffline(false);
    for (let at = 0; (await cursor()) === before; at++) samples.push((await typed(page, LETTERS[at % LETTERS.length]!, 2)).accounts);
  }
  await page.getByRole("searchbox").fill("");
  return { rows: accounts.length, pulls: PULLS, ...spread(samples) };
}

/** Signs in on a new device, and waits until the territory is complete. */
async function firstLoad(device: Device, rep: SignIn, rows: Rows) {
  const { page } = device;
  await device.context.addInitScript(install, ROW);
  await page.goto("/");
  await fillDoor(page, rep.login!, rep.password!);
  const began = Date.now();
  return observed(page, async () => {
    await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: 300_000 });
    const usable = Date.now() - began;
    while ((await device.stored("meta")).join().includes('"checkpoint":0,') && Date.now() - began < LOAD) await page.waitForTimeout(500);
    const whole = Date.now() - began;
    await device.installed();
    const held = await page.evaluate(heldRows);
    if (held !== rows.count) {
      const { longest_task_ms } = await page.evaluate(blocked, 0);
      throw new Error(`after ${whole} ms the device holds ${held} of ${rows.count} rows; its longest task was ${longest_task_ms} ms`);
    }
    return { rows: held, usable_ms: usable, whole_ms: whole, rows_per_s: Math.round((held / whole) * 1000) };
  });
}

/** How many rows the pages of the device's base hold. */
async function heldRows(): Promise<number> {
  const { name } = (await indexedDB.databases()).find((one) => one.name?.startsWith("rounds."))!;
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await asked(indexedDB.open(name!));
  const table = [...database.objectStoreNames].find((name) => name.startsWith("base"))!;
  const store = () => database.transaction(table).objectStore(table);
  const ids = new Set<string>();
  for (const key of await asked(store().getAllKeys())) {
    // A line for each row behind the page's own: checksum and id, and more unless it was removed.
    const lines = new TextDecoder().decode(await asked<Uint8Array>(store().get(key))).split("\n").slice(1);
    for (const [start, ...rest] of lines.map((line) => line.split("\t"))) {
      const id = start!.slice(8);
      if (rest.length > 0) ids.add(id);
      else ids.delete(id);
    }
  }
  database.close();
  return ids.size;
}

/** A new browser on the same profile, at an address. */
async function started(device: Device, path: string): Promise<void> {
  await device.reopen();
  await device.context.addInitScript(install, ROW);
  await device.page.goto(path);
}

const counted = (page: Page) => page.locator("h1 .quiet").first();

/** What the list of accounts says of a search once all is read. */
async function foundAtRest(page: Page): Promise<string> {
  await page.getByRole("searchbox").fill(NAMES.at(-1)!);
  let [said, times] = ["", 0];
  await expect.poll(async () => {
    const before = said;
    said = (await counted(page).textContent()) ?? "";
    // While rows are being read, it says what it had found before.
    return (times = said === before ? times + 1 : 0);
  }, { timeout: START, intervals: [3_000] }).toBe(5);
  await page.getByRole("searchbox").fill("");
  return said;
}

/** From the navigation until a search finds all that there is, and what the main thread was held up by meanwhile. */
async function searchable(device: Device, found: string) {
  const times: number[] = [];
  const tasks = { longest_task_ms: 0, tasks_over_50_ms: 0 };
  for (let i = 0; i < 3; i++) {
    await started(device, "/accounts");
    times.push(await device.page.evaluate(async ([typed, found]) => {
      const { inside } = window as unknown as Inside;
      await inside.listed;
      const began = performance.now();
      const type = () => {
        const box = document.querySelector<HTMLInputElement>("input[type=search]")!;
        box.value = typed;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      };
      const [took] = await inside.drawn(type, [() => document.querySelector("h1 .quiet")?.textContent === found]);
      return began + took;
    }, [NAMES.at(-1)!, found]));
    const here = await device.page.evaluate(blocked, 0);
    tasks.longest_task_ms = Math.max(tasks.longest_task_ms, here.longest_task_ms);
    tasks.tasks_over_50_ms = Math.max(tasks.tasks_over_50_ms, here.tasks_over_50_ms);
  }
  return { ...spread(times), ...tasks };
}
