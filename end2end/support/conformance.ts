// Runs the store's conformance suite in a real browser and returns what it reports.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type BrowserName, BROWSERS } from "./browsers.ts";

/** One case of the suite. */
export interface Case {
  name: string;
  ok: boolean;
  error?: string | null;
}

const TYPES: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = "<!doctype html><title>Conformance</title>";

/**
 * Playwright must know its tests before it runs them, so the suite runs while the test file loads. The file loads once
 * in the main process and again in every worker, which reads what the main process wrote.
 */
export async function conformance(folder: string, browser: BrowserName): Promise<Case[]> {
  const report = `results/conformance-${browser}.json`;
  if (process.env.TEST_WORKER_INDEX !== undefined && existsSync(report)) return JSON.parse(readFileSync(report, "utf8"));
  const cases = await runInBrowser(folder, browser);
  mkdirSync("results", { recursive: true });
  writeFileSync(report, JSON.stringify(cases, null, 2));
  return cases;
}

async function runInBrowser(folder: string, name: BrowserName): Promise<Case[]> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    const file = join(folder, path);
    if (path === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else if (!existsSync(file)) response.writeHead(404).end();
    else response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain").end(readFileSync(file));
  }).listen(0, "127.0.0.1");
  const { type, options } = BROWSERS[name];
  const browser = await type.launch(options);
  try {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    // A panic in wasm ends the module without settling its promise: what it said is all there is.
    const panic = new Promise<never>((_, reject) => page.once("pageerror", (error) => reject(error)));
    const answer = page.evaluate(async () => {
      const url = "/conformance.js";
      const suite = await import(url);
      await suite.default({ module_or_path: "/conformance_bg.wasm" });
      return suite.run_all() as Promise<string>;
    });
    const json = await Promise.race([answer, panic]).catch((error) => {
      throw new Error(`the conformance suite did not finish: ${error}\n${said.join("\n")}`);
    });
    return JSON.parse(json);
  } finally {
    await browser.close();
    server.close();
  }
}
