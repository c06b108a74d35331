// Start, search and save on a rep's device with a territory of real size, the network gone where it may be gone.
// The browser, the server and Postgres share this machine; the profile is on disk and survives its restarts.
import { mkdir, writeFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { addresses, demoCompany, fillDoor, go, WORDS } from "../support/rep.ts";

/** The first rep of the demo company owns half of its accounts. */
const ACCOUNTS = 2 * Number(process.env.ROUNDS_BENCH_ACCOUNTS ?? 5_000);
const STARTS = 10;
const SAVES = 30;
const QUERIES = ["shan", "trading", "明珠", "market", "0912"];

test("territory", async () => {
  const { server, rep } = await demoCompany(ACCOUNTS);
  const device = await Device.new(server.origin, { locale: "en" });
  try {
    const page = () => device.page;
    await device.context.addInitScript(observeTasks);
    await page().goto("/");
    await fillDoor(page(), rep.login!, rep.password!);
    const began = Date.now();
    await expect(page().getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
    const usable = Date.now() - began;
    await expect.poll(() => device.stored("meta").then((texts) => texts.join().includes('"checkpoint":0,')), { timeout: 300_000 }).toBe(false);
    const whole = Date.now() - began;
    const tasks = await page().evaluate(() => (window as unknown as Observed).tasks);
    await device.installed();
    const records = (await device.stored("base")).reduce((sum, page) => sum + JSON.parse(page).rows.length, 0);
    const account = (await addresses(page())).find(([name]) => name === "account")![1];
    await server.kill9();

    const starts: number[] = [];
    for (let i = 0; i < STARTS; i++) {
      await device.reopen();
      await page().goto("/accounts");
      starts.push(await page().evaluate(shownAt, ".runway .row-link"));
    }
    const letters: number[][] = [];
    for (const query of QUERIES) letters.push(await typed(page(), query));
    const open: number[] = [];
    const saved: number[] = [];
    const durable: number[] = [];
    for (let i = 0; i <= SAVES; i++) {
      await go(page(), "/accounts");
      open.push(await timed(page(), () => go(page(), account), "h1"));
      const times = await save(page(), `Benchmark ${i}.`);
      saved.push(times.shown);
      durable.push(times.durable);
    }
    const figures = {
      records,
      first_load_usable_ms: usable,
      first_load_whole_ms: whole,
      first_load_longest_task_ms: Math.max(0, ...tasks),
      first_load_tasks_over_50_ms: tasks.length,
      start_to_first_list: spread(starts),
      first_letter: spread(letters.map(([first]) => first)),
      further_letters: spread(letters.flatMap(([, ...further]) => further)),
      open_account: spread(open.slice(1)),
      save_shown: spread(saved.slice(1)),
      save_durable: spread(durable.slice(1)),
    };
    console.log(JSON.stringify(figures, null, 2));
    await mkdir("results", { recursive: true });
    await writeFile("results/territory.json", JSON.stringify(figures, null, 2));
  } finally {
    await device.remove();
    await server.remove();
  }
});

/** Milliseconds from the navigation until the element is drawn. */
function shownAt(selector: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => (document.querySelector(selector) ? setTimeout(() => resolve(performance.now())) : requestAnimationFrame(look));
    look();
  });
}

/** Milliseconds from each letter typed until the frame that shows what it finds. */
async function typed(page: Page, query: string): Promise<number[]> {
  const box = page.getByRole("searchbox");
  await box.fill("");
  await box.focus();
  return box.evaluate(async (element: HTMLInputElement, query) => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const took: number[] = [];
    for (let i = 1; i <= query.length; i++) {
      await nextFrame();
      const before = performance.now();
      element.value = query.slice(0, i);
      element.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await nextFrame();
      took.push(performance.now() - before);
    }
    return took;
  }, query);
}

/** Milliseconds on the page's own clock that an action takes until the element has been drawn anew. */
async function timed(page: Page, act: () => Promise<void>, selector: string): Promise<number> {
  const before = await page.evaluate(() => Date.now());
  await act();
  await page.evaluate(shownAt, selector);
  return (await page.evaluate(() => Date.now())) - before;
}

/** Logs a follow-up on the account that is open: milliseconds from the tap on Save until it is shown, and until it is on disk. */
async function save(page: Page, text: string): Promise<{ shown: number; durable: number }> {
  await page.getByRole("navigation", { name: WORDS.en.navigation }).getByRole("button", { name: WORDS.en.log }).click();
  const sheet = page.getByRole("dialog", { name: WORDS.en.log });
  await sheet.locator("textarea").fill(text);
  const times = page.evaluate((text) => new Promise<{ shown: number; durable: number }>((resolve) => {
    let saved = 0;
    let shown = 0;
    addEventListener("click", () => (saved = performance.now()), { capture: true, once: true });
    const look = () => {
      const row = [...document.querySelectorAll("main li")].find((row) => row.textContent?.includes(text));
      if (row && saved && !shown) shown = performance.now() - saved;
      if (shown && !row?.querySelector('.dot[data-state="pending"]')) resolve({ shown, durable: performance.now() - saved });
      else requestAnimationFrame(look);
    };
    look();
  }), text);
  await sheet.getByRole("button", { name: WORDS.en.save, exact: true }).click();
  const result = await times;
  await expect(sheet).toBeHidden();
  return result;
}

function spread(samples: number[]): { p50_ms: number; p95_ms: number; max_ms: number } {
  const sorted = samples.map((ms) => Math.round(ms * 10) / 10).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  return { p50_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1) };
}

interface Observed extends Window {
  /** Milliseconds of every task of the main thread that took over 50. */
  tasks: number[];
}

function observeTasks(): void {
  const tasks: number[] = [];
  (window as unknown as Observed).tasks = tasks;
  const note = (list: PerformanceObserverEntryList) => tasks.push(...list.getEntries().map(({ duration }) => duration));
  new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
}
