// Lighthouse as it comes: a mid-range phone on a slow mobile line, as it simulates them, and nothing in the cache.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Scores {
  version: string;
  performance: number;
  accessibility: number;
  best_practices: number;
  first_contentful_paint_ms: number;
  interactive_ms: number;
  largest_contentful_paint_ms: number;
  total_blocking_time_ms: number;
}

/** Looks at an address in a browser that listens at a port. Sign-in and records stay, the service worker and all caches go. */
export async function lighthouse(address: string, port: number): Promise<Scores> {
  // Now and then it misses the beginning of its trace, and asks to be run again.
  return look(address, port).catch(() => look(address, port));
}

async function look(address: string, port: number): Promise<Scores> {
  const program = join(import.meta.dirname, "node_modules/.bin/lighthouse");
  const args = [
    address, `--port=${port}`, "--quiet", "--no-enable-error-reporting", "--output=json", "--output-path=stdout",
    "--only-categories=performance,accessibility,best-practices", "--max-wait-for-load=90000",
  ];
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 256 << 20 });
  const { lighthouseVersion, categories, audits, runtimeError } = JSON.parse(stdout);
  if (runtimeError) throw new Error(runtimeError.message);
  const score = (category: string) => Math.round(categories[category].score * 100);
  const ms = (audit: string) => Math.round(audits[audit].numericValue);
  return {
    version: lighthouseVersion,
    performance: score("performance"),
    accessibility: score("accessibility"),
    best_practices: score("best-practices"),
    first_contentful_paint_ms: ms("first-contentful-paint"),
    interactive_ms: ms("interactive"),
    largest_contentful_paint_ms: ms("largest-contentful-paint"),
    total_blocking_time_ms: ms("total-blocking-time"),
  };
}
