// The store's conformance suite on IndexedDB in a real browser: one test for each case that it reports.
import { expect, test } from "@playwright/test";
import { conformance } from "../support/conformance.ts";

const folder = process.env.ROUNDS_CONFORMANCE_DIR;
if (!folder) throw new Error("start the suite with `cargo x test --only browser`");

const cases = await conformance(folder);

test("the suite has cases", () => {
  expect(cases.length).toBeGreaterThan(0);
});

for (const { name, ok, error } of cases) {
  test(name, () => {
    expect(ok, error ?? "no reason given").toBe(true);
  });
}
