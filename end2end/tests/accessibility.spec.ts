// axe finds nothing on any main screen, large text loses nothing, and logging stays within reach of a thumb above the keyboard.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { BROWSERS } from "../support/browsers.ts";
import { addresses, demoCompany, type Language, openLog, openWindow, signIn, START, visit, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [390, 1280];
/** English is the last at the door: one signs in in it. */
const LANGUAGES = ["zh-CN", "zh-TW", "en"] as const;
const OWN_NAMES: Record<Language, string> = { en: "English", "zh-CN": "简体中文", "zh-TW": "繁體中文" };
const THEMES = ["light", "dark"] as const;
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

test("axe finds nothing", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en" });
  const found: string[] = [];
  const examine = async (name: string, language: Language) => found.push(...(await violations(page, name, language)));
  await page.goto("/");
  for (const language of LANGUAGES) {
    await page.getByRole("button", { name: OWN_NAMES[language], exact: true }).click();
    await expect(page.getByRole("heading", { name: WORDS[language].title })).toBeVisible({ timeout: START });
    await examine("sign-in", language);
  }
  await signIn(page, rep);
  const pages = await addresses(page);
  for (const language of LANGUAGES) {
    await visit(page, "/settings");
    await page.getByRole("radio", { name: OWN_NAMES[language] }).click();
    for (const [name, path] of pages) {
      await visit(page, path);
      await examine(name, language);
    }
    await openLog(page, language);
    await examine("log", language);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  expect([...found, ...wrongs]).toEqual([]);
  await page.context().close();
});

test("text of twice the size is cut off nowhere", async () => {
  const { type, options } = BROWSERS.chromium;
  // What people choose as the browser's font size.
  const browser = await type.launch({ ...options, args: [...(options.args ?? []), "--blink-settings=defaultFontSize=32"] });
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en", viewport: { width: 390, height: 844 } });
  const found: string[] = [];
  const examine = async (name: string) => found.push(...(await page.evaluate(cutOff)).map((line) => `${name}: ${line}`));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: WORDS.en.title })).toBeVisible({ timeout: START });
  await expect(page.locator("html"), "the browser took the size").toHaveCSS("font-size", "32px");
  await examine("sign-in");
  await signIn(page, rep);
  for (const [name, path] of await addresses(page)) {
    await visit(page, path);
    await examine(name);
  }
  await openLog(page, "en");
  await examine("log");
  expect([...found, ...wrongs]).toEqual([]);
  await browser.close();
});

test("a log is written with three taps and no scrolling above the keyboard", async ({ browser }) => {
  const { page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en", viewport: ABOVE_KEYBOARD, hasTouch: true });
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
  expect(wrongs).toEqual([]);
  await page.context().close();
});

/** What axe finds on a screen, a line each. Colours and the second width do not depend on the language. */
async function violations(page: Page, name: string, language: Language): Promise<string[]> {
  const lines: string[] = [];
  for (const width of language === "en" ? WIDTHS : WIDTHS.slice(0, 1)) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of language === "en" ? THEMES : THEMES.slice(0, 1)) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // A theme changes nothing but colours.
      const axe = new AxeBuilder({ page });
      const { violations } = await (colorScheme === "dark" ? axe.withRules("color-contrast") : axe.withTags(TAGS)).analyze();
      for (const { id, nodes } of violations) {
        const where = `${name} ${language} ${width} ${colorScheme} ${id}`;
        lines.push(...nodes.map((node) => `${where}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
      }
    }
  }
  return lines;
}

/** What of a page reaches beyond a side of the window, or of a box that clips it, where nobody can scroll to it. */
function cutOff(): string[] {
  const style = (element: Element) => getComputedStyle(element);
  const clips = (element: Element) => /hidden|clip/.test(style(element).overflowX) && element.clientWidth > 1;
  const scrolls = (element: Element) => /auto|scroll/.test(style(element).overflowX);
  // Shortened on purpose, and whole on its own page.
  const shortens = (element: Element) => style(element).textOverflow === "ellipsis";
  const within = (element: Element | null, test: (element: Element) => boolean): boolean =>
    !!element && (test(element) || within(element.parentElement, test));
  const hasWords = (element: Element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  const isPart = (element: Element) => hasWords(element) || element.matches("a, button, input, textarea, select, svg");
  const lines: string[] = [];
  for (const element of document.querySelectorAll("body, body *")) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".sr") || within(element, shortens)) continue;
    const { left, right, width } = element.getBoundingClientRect();
    const outside = isPart(element) && width > 1 && (left < -1 || right > innerWidth + 1) && !within(element, scrolls);
    const clipped = clips(element) && element.scrollWidth > element.clientWidth + 1;
    if (outside || clipped) lines.push(`${outside ? "outside" : "clipped"} ${Math.round(left)}-${Math.round(right)} ${element.outerHTML.slice(0, 120)}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) lines.push(`the page is ${scrollWidth - clientWidth} pixels too wide`);
  return lines;
}
