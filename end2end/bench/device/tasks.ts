// What a rep does all day, measured on the page that is open.
import { type CDPSession, expect, type Page } from "@playwright/test";
import { go, WORDS } from "../../support/rep.ts";
import { sampled, spread } from "./figures.ts";
import type { Inside } from "./inside.ts";

/** Names that are searched for. */
export const NAMES = ["trading", "harbour", "明珠", "宏达", "redwood", "shan"];
/** The same as they are typed, letter by letter. */
export const LETTERS = NAMES.flatMap((name) => [...name].map((_, at) => name.slice(0, at + 1)));
export const STARTS = 10;
export const TIMES = 30;
/** So long one step goes on at most once it has five samples, seconds. */
export const PATIENCE = 20;

/** How much slower the processor is made for the interactions: a cheap phone's. */
const THROTTLED = 4;

/** The longest tasks of the main thread while something is done, beside what that measured. */
export async function observed<T extends object>(page: Page, act: () => Promise<T>) {
  const mark = await page.evaluate(() => performance.now());
  const measured = await act();
  return { ...measured, ...(await page.evaluate(blocked, mark)) };
}

/** Tasks over 50 ms since then; the browser tells of them a little later. */
export async function blocked(since: number): Promise<{ longest_task_ms: number; tasks_over_50_ms: number }> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  const tasks = (window as unknown as Inside).inside.tasks.filter(({ at }) => at >= since).map(({ ms }) => ms);
  return { longest_task_ms: Math.max(0, ...tasks), tasks_over_50_ms: tasks.length };
}

/** So many frames may pass before the rest of what is found is there: it is looked for behind the first accounts. */
const REST = 20;

/** Milliseconds until the accounts that are found are there, and until everything is, once this stands in the search. */
export function typed(page: Page, text: string, frames = REST): Promise<{ accounts: number; all: number }> {
  return page.getByRole("searchbox").evaluate(async (box: HTMLInputElement, [text, frames]) => {
    const type = () => {
      box.value = text;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
    const { drawn } = (window as unknown as Inside).inside;
    const [all, accounts] = await drawn(type, [], "section[aria-labelledby=account] .rows", frames);
    return { accounts: accounts!, all: all! };
  }, [text, frames] as const);
}

export async function search(page: Page) {
  const everything: number[] = [];
  const samples = await sampled([...LETTERS, ...LETTERS], PATIENCE, async (text) => {
    const { accounts, all } = await typed(page, text);
    everything.push(all);
    return accounts;
  });
  await page.getByRole("searchbox").fill("");
  return { ...spread(samples), everything: spread(everything) };
}

/** From a tap on an account until its page is there; then its timeline alone, by the tabs of that page. */
export async function openAccounts(page: Page, accounts: string[]) {
  const opened: number[] = [];
  const timelines = await sampled(accounts.slice(0, TIMES), PATIENCE, async (id) => {
    opened.push(await tapped(page, `/accounts/${id}`, ".timeline"));
    await go(page, `/accounts/${id}?tab=contacts`);
    await expect(page.locator(".timeline")).toHaveCount(0);
    return tapped(page, `/accounts/${id}`, ".timeline");
  });
  return { ...spread(opened), timeline: spread(timelines) };
}

/** Milliseconds from a tap on a link until something is there that was not. */
function tapped(page: Page, href: string, selector: string): Promise<number> {
  return page.evaluate(async ([href, selector]) => {
    const old = document.querySelector(selector);
    const link = Object.assign(document.createElement("a"), { href });
    document.body.append(link);
    const there = () => ![old, null].includes(document.querySelector(selector));
    const [took] = await (window as unknown as Inside).inside.drawn(() => link.click(), [there]);
    link.remove();
    return took;
  }, [href, selector]);
}

/** From the tap on Save until a follow-up is shown as pending, and until it is on the disk. */
export async function saves(page: Page, account: string) {
  await go(page, `/accounts/${account}`);
  const shown: number[] = [];
  const durable = await sampled(Array.from({ length: TIMES + 1 }, (_, at) => `Benchmark ${at}.`), PATIENCE, async (text) => {
    await page.getByRole("navigation", { name: WORDS.en.navigation }).getByRole("button", { name: WORDS.en.log }).click();
    const sheet = page.getByRole("dialog", { name: WORDS.en.log });
    await sheet.locator("textarea").fill(text);
    const button = sheet.getByRole("button", { name: WORDS.en.save, exact: true });
    const [pending, saved] = await button.evaluate((button: HTMLElement, text) => {
      const row = () => [...document.querySelectorAll(".timeline li li")].find((row) => row.textContent?.includes(text));
      const isSaved = () => row()?.querySelector('.dot[data-state="pending"]') === null;
      return (window as unknown as Inside).inside.drawn(() => button.click(), [() => !!row(), isSaved]);
    }, text);
    await expect(sheet).toBeHidden();
    shown.push(pending);
    return saved;
  });
  // The first warms up what a device does once.
  return { ...spread(durable.slice(1)), shown: spread(shown.slice(1)) };
}

/** From a tap on the question until its chart is drawn. */
export async function report(page: Page) {
  const samples = await sampled(Array.from({ length: TIMES }), PATIENCE, async () => {
    await go(page, "/queries");
    await expect(page.locator(".bars .mark")).toHaveCount(0);
    return tapped(page, "/queries/by_stage", ".bars .mark");
  });
  return spread(samples);
}

/** The list of accounts in one order, and in another. */
export async function sort(page: Page, orders: string[]) {
  await go(page, "/accounts");
  const samples = await sampled(Array.from({ length: 5 }, () => orders).flat(), PATIENCE, async (label) => {
    await page.getByRole("button", { name: "Sort" }).click();
    const choice = page.locator("#account-order .menu-item").filter({ hasText: new RegExp(`^${label}$`) });
    // Many accounts are sorted in turns, while the list stays as it is.
    const [took] = await choice.evaluate((choice: HTMLElement) => {
      const first = () => document.querySelector<HTMLAnchorElement>(".runway .row-link")?.href;
      const before = first();
      return (window as unknown as Inside).inside.drawn(() => choice.click(), [() => first() !== before]);
    });
    return took!;
  });
  return spread(samples);
}

/** What the page has in use after a search: objects of JavaScript that are still reached, and all of the wasm's memory. */
export async function memory(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  const js = await usedHeap(cdp);
  const wasm = await page.evaluate(() => (window as unknown as Inside).inside.wasmBytes());
  await cdp.detach();
  const mb = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return { js_mb: mb(js), wasm_mb: mb(wasm), mb: mb(js + wasm) };
}

export async function usedHeap(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("Performance.enable");
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "JSHeapUsedSize")!.value;
}

/** A slow phone's: letters typed into the search, what is found opened, a follow-up written there and saved. */
export async function interactions(page: Page) {
  const found = page.locator(".results .row-link");
  await page.getByRole("searchbox").fill(NAMES[0]);
  await expect(found.first()).toBeVisible();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: THROTTLED });
  let made = 0;
  for (const text of ["harbour", "redwood", "trading", "bluebell", "northfield"]) {
    await go(page, "/accounts");
    const box = page.getByRole("searchbox");
    await box.fill("");
    await box.click();
    await box.pressSequentially(text, { delay: 120 });
    await found.first().click();
    await page.getByRole("navigation", { name: WORDS.en.navigation }).getByRole("button", { name: WORDS.en.log }).click();
    const sheet = page.getByRole("dialog", { name: WORDS.en.log });
    await sheet.locator("textarea").pressSequentially("They want samples.", { delay: 60 });
    await sheet.getByRole("button", { name: WORDS.en.save, exact: true }).click();
    await expect(sheet).toBeHidden();
    made += text.length + "They want samples.".length + 4;
  }
  await page.waitForTimeout(1_000);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await cdp.detach();
  const told = await page.evaluate(() => [...(window as unknown as Inside).inside.interactions.values()]);
  // What took less than the 16 ms from which they are told.
  const untold = Array.from({ length: Math.max(0, made - told.length) }, () => 16);
  return { ...spread([...told, ...untold]), throttled: THROTTLED };
}

/** Every account of the list, to one stage. */
export async function bulkEdit(page: Page) {
  await go(page, "/accounts");
  await page.getByRole("searchbox").fill("");
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await page.getByRole("button", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: "Edit…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Edit .* accounts$/ });
  await dialog.getByLabel("Field").selectOption({ label: "Stage" });
  await dialog.getByRole("radio", { name: "Engaged" }).check();
  const save = dialog.getByRole("button", { name: /^Set Stage for/ });
  const accounts = Number((await save.textContent())!.replace(/\D/g, ""));
  const began = Date.now();
  await save.click();
  await expect(dialog).toBeHidden({ timeout: 900_000 });
  const seconds = (Date.now() - began) / 1000;
  return { accounts, seconds };
}
