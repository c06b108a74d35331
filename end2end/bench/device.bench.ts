// Territories of the sizes in the design, on Rounds and on what it is compared with, one after another in one run: start,
// search, timeline, save, report, memory. Browser, server and Postgres share this machine; every profile is on a disk.
import { readFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { BROWSERS } from "../support/browsers.ts";
import { Device } from "../support/device.ts";
import { demoCompany } from "../support/rep.ts";
import { freePort } from "../support/server.ts";
import { Figures } from "./device/figures.ts";
import { lighthouse } from "./device/lighthouse.ts";
import { measurePeer, PEERS, PeerSite } from "./device/peers.ts";
import { Recorder } from "./device/recorder.ts";
import { measureRounds } from "./device/rounds.ts";
import { rowsOf } from "./device/rows.ts";

/** How many accounts the rep has: the design's territories S and L. */
const SIZES = (process.env.ROUNDS_BENCH_ACCOUNTS ?? "5000,50000").split(",").map(Number);

test("device", async () => {
  const figures = new Figures("results/device.json");
  figures.put("versions", JSON.parse(await readFile("bench/device/package.json", "utf8")).dependencies);
  figures.put("machine", { cores: cpus().length, load_before: loadavg()[0], chromium: await chromiumVersion() });
  for (const [at, accounts] of SIZES.entries()) await measure(figures, `sizes/${at}`, accounts, at === 0);
  await figures.step("machine/load_after", async () => loadavg()[0]);
  expect(figures.failed).toEqual([]);
});

async function chromiumVersion(): Promise<string> {
  const browser = await BROWSERS.chromium.type.launch(BROWSERS.chromium.options);
  try {
    return browser.version();
  } finally {
    await browser.close();
  }
}

/** The first page that anybody ever sees. */
async function door(origin: string) {
  const port = await freePort();
  const device = await Device.new(origin, { args: [`--remote-debugging-port=${port}`] });
  try {
    return await lighthouse(origin, port);
  } finally {
    await device.remove();
  }
}

async function measure(figures: Figures, path: string, accounts: number, isFirst: boolean): Promise<void> {
  figures.put(`${path}/accounts`, accounts);
  // The first rep of the demo company owns half of its accounts.
  const recorder = await Recorder.open();
  const { server, rep } = await demoCompany(2 * accounts, { ROUNDS_ORIGIN: recorder.origin });
  recorder.lead(server.origin);
  try {
    const rows = await rowsOf(server, rep, join(tmpdir(), `rounds-bench-${process.pid}.jsonl`));
    figures.put(`${path}/rows`, rows.count);
    if (isFirst) await figures.step("door", () => door(recorder.origin));
    await figures.step(`${path}/rounds`, () => measureRounds(figures, `${path}/rounds`, server, recorder, rep, rows));
    const site = await PeerSite.open(rows);
    for (const name of PEERS) await figures.step(`${path}/${name}`, () => measurePeer(figures, `${path}/${name}`, name, site, rows));
    await site.close();
  } finally {
    recorder.close();
    await server.remove();
  }
}
