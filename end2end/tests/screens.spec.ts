// Pictures of every main screen in three sizes, two themes and two languages, in results/screens: look at them.
// Asserted is only what is wrong in any taste: no heading, a page wider than the window, errors, violations of the CSP.
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { addresses, demoCompany, go, type Language, openLog, openWindow, signIn, START, visit, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

const SIZES = [
  { width: 390, height: 844, mobile: true },
  { width: 820, height: 1180, mobile: true },
  { width: 1440, height: 900, mobile: false },
];
const THEMES = ["light", "dark"] as const;

// A trace would take longer than the story.
test.use({ trace: "off" });

let server: Server;
let rep: SignIn;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(60));
});
test.afterAll(async () => server?.remove());

for (const language of ["en", "zh-CN"] as const) {
  test(`every screen looks right in ${language}`, async ({ browser }) => {
    const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: language });
    await page.goto("/");
    await expect(page.getByRole("heading", { name: WORDS[language].title })).toBeVisible({ timeout: START });
    await shoot(page, language, "sign-in");
    await firstLoad(page, language);
    for (const [name, path] of await addresses(page)) {
      await visit(page, path);
      await shoot(page, language, name);
    }
    await go(page, "/accounts/new");
    await page.getByRole("dialog").locator("summary").first().click();
    await shoot(page, language, "account-form-more");
    await openLog(page, language);
    await shoot(page, language, "log");
    expect(wrongs).toEqual([]);
    await page.context().close();
  });
}

/** The first load, held until it is in the picture. */
async function firstLoad(page: Page, language: Language): Promise<void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/v1/sync", async (route) => {
    await held;
    await route.continue();
  });
  const open = signIn(page, rep, language);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await shoot(page, language, "first-load");
  letGo();
  await open;
  await page.unroute("**/api/v1/sync");
}

async function shoot(page: Page, language: Language, name: string): Promise<void> {
  for (const { mobile, ...size } of SIZES) {
    await page.setViewportSize(size);
    await touch(page, mobile);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const path = `results/screens/${name}.${size.width}.${colorScheme}.${language}.png`;
      await page.screenshot({ path, animations: "disabled" });
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${name} at ${size.width} pixels is too wide`).toBeLessThanOrEqual(0);
  }
}

/** What is emulated ends with the session that asked for it. */
const sessions = new WeakMap<Page, CDPSession>();

/** A finger instead of a mouse: targets grow and scrollbars take no room. */
async function touch(page: Page, mobile: boolean): Promise<void> {
  const chromium = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, chromium);
  await chromium.send("Emulation.setTouchEmulationEnabled", { enabled: mobile });
  await chromium.send("Emulation.setDeviceMetricsOverride", { ...page.viewportSize()!, deviceScaleFactor: 1, mobile });
}
