// The theme: chosen at once and without a reload, with the window's own bar; the system's when none is chosen.
import { expect, type Page, test } from "@playwright/test";
import { demoCompany, go, openWindow, signIn, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(5));
});
test.afterAll(async () => server?.remove());

test("a theme is put on at once and taken off again", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en", colorScheme: "light", serviceWorkers: "block" });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: WORDS.en.title })).toBeVisible({ timeout: START });
  const bySystem = await bars(page);
  expect(new Set(bySystem).size).toBe(2);
  await signIn(page, rep);
  await go(page, "/settings");
  const root = page.locator("html");
  await choose(page, "Dark");
  await expect(root).toHaveAttribute("data-theme", "dark");
  expect(await bars(page)).toEqual([bySystem[1], bySystem[1]]);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible({ timeout: START });
  await expect(root).toHaveAttribute("data-theme", "dark");
  await choose(page, "System");
  await expect(root).not.toHaveAttribute("data-theme");
  expect(await bars(page)).toEqual(bySystem);
  expect(wrongs).toEqual([]);
  await page.context().close();
});

test("a fault that ends the app is said on the screen, with the way on", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "zh-CN", serviceWorkers: "block" });
  await page.goto("/");
  await expect(page.locator(".door")).toBeVisible({ timeout: START });
  await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new TypeError("of no concern") })));
  await expect(page.locator("#stopped")).toBeHidden();
  await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("unreachable") })));
  await expect(page.getByText("走访因程序故障已停止")).toBeVisible();
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "重新启动" }).click()]);
  await expect(page.locator(".door")).toBeVisible({ timeout: START });
  await expect(page.locator("#stopped")).toBeHidden();
  expect(wrongs).toEqual([]);
  await page.context().close();
});

async function choose(page: Page, theme: string): Promise<void> {
  await page.getByRole("radio", { name: theme }).click();
}

/** The colours of the window's bar, for a light and a dark system. */
async function bars(page: Page): Promise<string[]> {
  return page.locator('meta[name="theme-color"]').evaluateAll((metas) => metas.map((meta) => (meta as HTMLMetaElement).content));
}
