// One box finds every kind of record by any part, by sound, by digits and by typed filters; pictures in results/search.
import { expect, type Page, test } from "@playwright/test";
import { demoCompany, go, openWindow, signIn, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(60));
});
test.afterAll(async () => server?.remove());

for (const language of ["en", "zh-CN"] as const) {
  test(`what is typed is found, marked and remembered in ${language}`, async ({ browser }) => {
    const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: language, viewport: { width: 1440, height: 900 } });
    await page.goto("/");
    await expect(page.getByRole("heading", { name: WORDS[language].title })).toBeVisible({ timeout: START });
    await signIn(page, rep, language);
    await page.keyboard.press("/");
    const box = page.getByRole("searchbox");
    await expect(box).toBeFocused();
    await shoot(page, `focused.${language}`);

    const [[name]] = await server.sql(
      `SELECT a.body->>'name' FROM record a JOIN record m ON m.id::text = a.body->>'owner' WHERE a.kind = 'account' AND m.body->>'name' = '${rep.name.replaceAll("'", "''")}' LIMIT 1`,
    );
    const part = [...name].slice(1, 4).join("");
    await box.fill(part);
    const results = page.locator(".results");
    await expect(results.getByRole("link", { name }).first()).toBeVisible();
    await expect(results.locator("mark").first()).toHaveText(new RegExp(part.trim().split(/\s+/)[0].replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i"));
    await shoot(page, `part.${language}`);
    await box.press("ArrowDown");
    await expect(page.locator(".row-link:focus")).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/(accounts|contacts|follow-ups|log|r)/);

    await go(page, "/accounts");
    await box.fill("stage:customer owner:me");
    await expect(results.locator(".row").first()).toBeVisible();
    await shoot(page, `filters.${language}`);
    await box.fill(language === "en" ? "a" : "s");
    await expect(results.locator("mark").first()).toBeVisible();
    await shoot(page, `letter.${language}`);
    await box.fill("qqxzzy stage:customer");
    await expect(page.getByText("qqxzzy").first()).toBeVisible();
    await shoot(page, `nothing.${language}`);
    await page.getByRole("button", { name: language === "en" ? "Clear the search" : "清除搜索" }).click();
    await expect(box).toHaveValue("");
    await expect(page.getByRole("button", { name: part.trim() })).toBeVisible();
    await shoot(page, `recent.${language}`);
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const size of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `results/search/${name}.${size.width}.${colorScheme}.png`, animations: "disabled" });
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${name} at ${size.width} pixels is too wide`).toBeLessThanOrEqual(0);
  }
}
