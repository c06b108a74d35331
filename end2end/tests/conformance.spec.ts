// The store's conformance suite on IndexedDB in real browsers: one test for each case that it reports.
import { expect, test } from "@playwright/test";
import { type BrowserName, BROWSERS } from "../support/browsers.ts";
import { conformance } from "../support/conformance.ts";

const folder = process.env.ROUNDS_CONFORMANCE_DIR;
if (!folder) throw new Error("start the suite with `cargo x test --only browser`");

for (const browser of Object.keys(BROWSERS) as BrowserName[]) {
  const cases = await conformance(folder, browser);

  test.describe(browser, () => {
    test("the suite has cases", () => {
      expect(cases.length).toBeGreaterThan(0);
    });

    for (const { name, ok, error } of cases) {
      test(name, () => {
        expect(ok, error ?? "no reason given").toBe(true);
      });
    }
  });
}
