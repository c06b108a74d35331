// The databases that Rounds is compared with: each a page of its own over the same rows, in the same browser.
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Device } from "../../support/device.ts";
import { type Figures, sampled, spread } from "./figures.ts";
import { type Inside, install } from "./inside.ts";
import type { Rows } from "./rows.ts";
import { LETTERS, PATIENCE, STARTS, TIMES, usedHeap } from "./tasks.ts";

export const PEERS = ["indexeddb", "dexie", "rxdb", "pouchdb"] as const;

/** What peers/page.mjs can be told to do; it answers with the milliseconds that it took. */
type Task = "search" | "timeline" | "save" | "report";

/** The peers' pages, bundled, and the rows, on this machine. */
export class PeerSite {
  readonly origin: string;
  private readonly server: Server;
  private readonly folder: string;

  private constructor(server: Server, folder: string) {
    this.server = server;
    this.folder = folder;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async open(rows: Rows): Promise<PeerSite> {
    const folder = await mkdtemp(join(tmpdir(), "rounds-peers-"));
    const here = import.meta.dirname;
    await promisify(execFile)(join(here, "node_modules/.bin/esbuild"), [
      ...PEERS.map((name) => join(here, `peers/${name}.mjs`)),
      "--bundle", "--minify", "--format=esm", `--outdir=${folder}`, "--define:global=globalThis", '--define:process.env.NODE_ENV="production"',
    ]);
    const server = createServer(async ({ url = "/" }, response) => {
      const [, first, second] = new URL(url, "http://localhost").pathname.split("/");
      if (first === "rows") response.setHeader("content-type", "application/json").end(rows.chunk(Number(second)));
      else if (first.endsWith(".js")) response.setHeader("content-type", "text/javascript").end(await readFile(join(folder, first)));
      else if (PEERS.some((name) => name === first)) response.setHeader("content-type", "text/html; charset=utf-8").end(html(first));
      else response.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new PeerSite(server, folder);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await rm(this.folder, { recursive: true });
  }
}

function html(name: string): string {
  return `<!doctype html><html lang="en"><title>${name}</title><h1></h1><ul></ul><script type="module" src="/${name}.js"></script></html>`;
}

/** Measures one of them under the path. */
export async function measurePeer(figures: Figures, path: string, name: string, site: PeerSite, rows: Rows): Promise<void> {
  const device = await Device.new(site.origin, { locale: "en" });
  const step = <T>(what: string, measure: () => Promise<T>) => figures.step(`${path}/${what}`, measure);
  const page = () => device.page;
  const told = async <T>(task: string, argument?: unknown): Promise<T> => {
    await page().waitForFunction(() => "peer" in window);
    return page().evaluate(([task, argument]) => (window as any).peer[task as string](argument), [task, argument]);
  };
  const load = async (task: "load" | "load_packed") => {
    const loaded = await told<{ rows: number; ms: number }>(task, rows.chunks);
    if (loaded.rows !== rows.count) throw new Error(`${loaded.rows} of ${rows.count} rows are there`);
    return { ms: Math.round(loaded.ms), rows_per_s: Math.round((loaded.rows / loaded.ms) * 1000) };
  };
  try {
    await device.context.addInitScript(install, "li");
    await page().goto(`/${name}`);
    if (name === "indexeddb") await step("load_packed", () => load("load_packed"));
    if (!(await step("load", () => load("load")))) return;
    await step("start", async () => {
      const once = async () => {
        await device.reopen();
        await device.context.addInitScript(install, "li");
        await page().goto(`/${name}?start`);
        return page().evaluate(() => (window as unknown as Inside).inside.listed);
      };
      return spread(await sampled(Array.from({ length: STARTS }), PATIENCE, once));
    });
    const measured = (task: Task, wanted: readonly unknown[]) =>
      step(task, async () => spread(await sampled(wanted, PATIENCE, (one) => told<number>(task, one))));
    const accounts = rows.accounts.slice(0, TIMES);
    await measured("search", LETTERS);
    await measured("timeline", accounts);
    await measured("save", accounts);
    await measured("report", accounts);
    await step("memory", async () => {
      const cdp = await page().context().newCDPSession(page());
      return { mb: Math.round((await usedHeap(cdp)) / 1e5) / 10 };
    });
  } finally {
    await device.remove();
  }
}
