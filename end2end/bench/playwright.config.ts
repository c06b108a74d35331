// Started by `cargo x bench`, which sets the ROUNDS_* variables.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../results/failures",
  reporter: "list",
  workers: 1,
  timeout: 0,
  expect: { timeout: 90_000 },
});
