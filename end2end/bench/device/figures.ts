// What has been measured: told as it comes, written after every step, so that a step that fails takes nothing with it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface Spread {
  p50_ms: number;
  p95_ms: number;
  max_ms: number;
  samples: number;
}

export class Figures {
  readonly failed: { step: string; error: string }[] = [];
  private readonly all: Record<string, any> = {};
  private readonly file: string;
  private readonly began = Date.now();

  constructor(file: string) {
    this.file = file;
  }

  /** Measures what stands at this path; where that fails it says so, and the next step goes on. */
  async step<T>(path: string, measure: () => Promise<T>): Promise<T | undefined> {
    try {
      const measured = await measure();
      if (measured !== undefined) this.put(path, measured);
      this.say(`${path} ${JSON.stringify(measured) ?? "done"}`);
      return measured;
    } catch (error) {
      this.failed.push({ step: path, error: String(error).slice(0, 2_000) });
      this.say(`${path} FAILED: ${error}`);
      return undefined;
    } finally {
      this.write();
    }
  }

  put(path: string, value: unknown): void {
    const names = path.split("/");
    const last = names.pop()!;
    const folder = names.reduce((at, name) => (at[name] ??= {}), this.all);
    folder[last] = value;
  }

  private say(line: string): void {
    console.log(`${((Date.now() - this.began) / 1000).toFixed(0).padStart(5)} s  ${line}`);
  }

  private write(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    const seconds = Math.round((Date.now() - this.began) / 1000);
    writeFileSync(this.file, JSON.stringify({ ...this.all, seconds, failed: this.failed }, null, 2));
  }
}

export function spread(samples: number[]): Spread {
  if (samples.length === 0) throw new Error("nothing was measured");
  const sorted = samples.map((ms) => Math.round(ms * 100) / 100).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  return { p50_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1), samples: sorted.length };
}

/** Measures so many times, but goes on for no longer than `seconds` once there are five samples; what is slow is slow each time. */
export async function sampled<T, R>(wanted: readonly T[], seconds: number, measure: (one: T) => Promise<R>): Promise<R[]> {
  const samples: R[] = [];
  const end = Date.now() + seconds * 1000;
  for (const one of wanted) {
    if (samples.length >= 5 && Date.now() > end) break;
    samples.push(await measure(one));
  }
  return samples;
}
