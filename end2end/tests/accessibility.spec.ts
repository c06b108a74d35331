// axe finds nothing on any main screen, and logging stays within reach of a thumb above the keyboard.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { addresses, demoCompany, go, type Language, openWindow, signIn, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 1280];
/** What a phone of 390 × 844 leaves of the page above its keyboard. */
const ABOVE_KEYBOARD = { width: 390, height: 480 };

// A trace would take longer than the story.
test.use({ trace: "off" });

let server: Server;
let rep: SignIn;

test.beforeAll(async () => {
  ({ server, rep } = await demoCompany(30));
});
test.afterAll(async () => server?.remove());

for (const language of ["en", "zh-CN"] as const) {
  test(`axe finds nothing in ${language}`, async ({ browser }) => {
    const { page } = await openWindow(browser, { baseURL: server.origin, locale: language, serviceWorkers: "block" });
    const found: string[] = [];
    const examine = async (name: string) => found.push(...(await violations(page, name)));
    await page.goto("/");
    await expect(page.getByRole("heading", { name: WORDS[language].title })).toBeVisible({ timeout: START });
    await examine("sign-in");
    await signIn(page, rep, language);
    for (const [name, path] of await addresses(page)) {
      await go(page, path);
      await examine(name);
    }
    await openLog(page, language);
    await examine("log");
    expect(found).toEqual([]);
    await page.context().close();
  });
}

test("a log is written with three taps and no scrolling above the keyboard", async ({ browser }) => {
  const { page } = await openWindow(browser, { baseURL: server.origin, locale: "en", serviceWorkers: "block", viewport: ABOVE_KEYBOARD, hasTouch: true });
  await page.goto("/");
  await signIn(page, rep);
  await openLog(page, "en"); // the tap that opens it
  const sheet = page.getByRole("dialog", { name: WORDS.en.log });
  const text = sheet.getByPlaceholder("What happened?");
  await expect(text).toBeFocused();
  const parts = {
    account: sheet.locator(".log-account"),
    channel: sheet.getByRole("radiogroup", { name: "Channel" }),
    text,
    outcome: sheet.getByRole("radiogroup", { name: "Outcome" }),
    next: sheet.getByRole("radiogroup", { name: "Next" }),
    purpose: sheet.getByRole("textbox", { name: "For" }),
    who: sheet.getByRole("button", { name: /^Who/ }),
    save: sheet.getByRole("button", { name: WORDS.en.save }),
  };
  for (const [name, part] of Object.entries(parts)) await expect(part, `${name} is in sight`).toBeInViewport({ ratio: name.match(/outcome|channel|next/) ? 0.6 : 1 });
  let taps = 1;
  await page.keyboard.type("Took twelve boxes");
  await sheet.getByRole("radio", { name: "Interested" }).tap().then(() => taps++);
  await parts.save.tap().then(() => taps++);
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("status").getByText(/^Logged for/)).toBeVisible();
  expect(taps).toBeLessThanOrEqual(3);
  await page.context().close();
});

async function openLog(page: Page, language: Language): Promise<void> {
  await go(page, "/");
  await page.getByRole("navigation").getByRole("button", { name: WORDS[language].log }).click();
  await expect(page.getByRole("dialog", { name: WORDS[language].log })).toBeVisible();
}

/** What axe finds on a screen at both widths and in both themes, a line each. */
async function violations(page: Page, name: string): Promise<string[]> {
  const lines: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // A theme changes nothing but colours.
      const axe = new AxeBuilder({ page });
      const { violations } = await (colorScheme === "dark" ? axe.withRules("color-contrast") : axe.withTags(TAGS)).analyze();
      for (const { id, nodes } of violations) {
        lines.push(...nodes.map((node) => `${name} ${width} ${colorScheme} ${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
      }
    }
  }
  return lines;
}
