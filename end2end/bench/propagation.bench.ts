// From the tap on Save on one device until the text is on the screen of another, over lines of different length.
// The devices, the server and Postgres share this machine and its clock; each device opened its connections before.
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { addresses, demoCompany, go, WORDS } from "../support/rep.ts";
import type { SignIn } from "../support/server.ts";
import { SlowLine } from "../support/slow_line.ts";

const TIMES = 30;
const ROUND_TRIPS_MS = [0, 300, 600];

interface Figures {
  round_trip_ms: number;
  p50_ms: number;
  p95_ms: number;
  max_ms: number;
  /** Processes that wanted a core in the last minute: above the number of cores, the figures are of the crowd. */
  load: number;
  samples_ms: number[];
}

test("propagation", async () => {
  const all: Figures[] = [];
  for (const roundTrip of ROUND_TRIPS_MS) all.push(await measure(roundTrip));
  console.table(all.map(({ samples_ms, ...figures }) => figures));
  await mkdir("results", { recursive: true });
  await writeFile("results/propagation.json", JSON.stringify(all, null, 2));
});

async function measure(roundTrip: number): Promise<Figures> {
  const line = await SlowLine.open(roundTrip / 2);
  const { server, rep } = await demoCompany(30, { ROUNDS_ORIGIN: line.origin });
  line.lead(server.origin);
  const devices: Device[] = [];
  try {
    for (let i = 0; i < 2; i++) devices.push(await prepared(line.origin, rep));
    const [writer, reader] = devices.map(({ page }) => page);
    const [, account] = (await addresses(writer)).find(([name]) => name === "account")!;
    for (const page of [writer, reader]) {
      await go(page, account);
      await expect(page.getByRole("link", { name: "Timeline" })).toBeVisible();
    }
    const samples: number[] = [];
    for (let i = 0; i <= TIMES; i++) samples.push(await one(writer, reader, `Figure ${roundTrip} ${i}.`));
    // The first warms up what a device does once.
    return figures(roundTrip, samples.slice(1));
  } finally {
    for (const device of devices) await device.remove();
    await server.remove();
    line.close();
  }
}

async function prepared(origin: string, rep: SignIn): Promise<Device> {
  const device = await Device.new(origin, { locale: "en" });
  await device.signIn(rep);
  await device.installed();
  return device;
}

/** Logs a text on one page and returns the milliseconds until the other shows it. */
async function one(writer: Page, reader: Page, text: string): Promise<number> {
  await writer.getByRole("navigation", { name: WORDS.en.navigation }).getByRole("button", { name: WORDS.en.log }).click();
  const sheet = writer.getByRole("dialog", { name: WORDS.en.log });
  await sheet.locator("textarea").fill(text);
  const shown = reader.evaluate(shows, text);
  const saved = writer.evaluate(() => new Promise<number>((resolve) => addEventListener("click", () => resolve(Date.now()), { capture: true, once: true })));
  await sheet.getByRole("button", { name: WORDS.en.save }).click();
  const took = (await shown) - (await saved);
  await expect(sheet).toBeHidden();
  return took;
}

/** The time at which the frame with this text is drawn. */
function shows(text: string): Promise<number> {
  return new Promise((resolve) => {
    const isThere = () => document.querySelector("main")?.textContent?.includes(text);
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

function figures(roundTrip: number, samples: number[]): Figures {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [load] = loadavg();
  return { round_trip_ms: roundTrip, p50_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1), load, samples_ms: samples };
}
