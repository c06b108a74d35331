// Started by `cargo x test`, which sets the ROUNDS_* variables.
import { defineConfig } from "@playwright/test";
import { BROWSERS } from "./support/browsers.ts";

export default defineConfig({
  testDir: "tests",
  // Each run is for one suite: the store alone in a browser, or the stories on the whole system.
  testMatch: process.env.ROUNDS_CONFORMANCE_DIR ? "conformance.spec.ts" : "**/*.spec.ts",
  testIgnore: process.env.ROUNDS_CONFORMANCE_DIR ? [] : ["conformance.spec.ts"],
  outputDir: "results/failures",
  reporter: [["list"], ["json", { outputFile: "results/report.json" }]],
  // Stories time things and start servers: two at once on two cores would disturb each other.
  workers: 1,
  // A test that passes only at the second try is a failing test.
  retries: 0,
  timeout: 600_000,
  // The stories run on an unoptimised bundle, beside whatever else a CI machine does: they test what happens, not how fast.
  expect: { timeout: 90_000 },
  forbidOnly: !!process.env.CI,
  use: { actionTimeout: 90_000, launchOptions: BROWSERS.chromium.options, screenshot: "only-on-failure", trace: "retain-on-failure" },
});
