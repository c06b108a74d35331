// One demo company, one rep in one browser window: what the stories about screens start from.
import { type Browser, type BrowserContextOptions, expect, type Page } from "@playwright/test";
import { Server, type SignIn } from "./server.ts";

/** Milliseconds that the unoptimised app may take to start on a busy machine. */
export const START = 30_000;

export type Language = "en" | "zh-CN";

/** What the stories must read or press, in the languages they run in. */
export const WORDS = {
  en: {
    title: "Sign in to Rounds", login: "E-mail or mobile number", password: "Password", signIn: "Sign in",
    today: "Today", accounts: "Accounts", log: "Log a follow-up", save: "Save", more: "More", sync: "Sync", settings: "Settings",
  },
  "zh-CN": {
    title: "登录走访", login: "邮箱或手机号", password: "密码", signIn: "登录",
    today: "今日桌面", accounts: "客户", log: "写跟进", save: "保存", more: "更多", sync: "同步", settings: "设置",
  },
} as const;

/** A demo company with a rep who has this many accounts. */
export async function demoCompany(accounts: number, env: NodeJS.ProcessEnv = {}): Promise<{ server: Server; rep: SignIn }> {
  const server = await Server.start(env);
  const { stdout, signIns } = await server.demo(accounts);
  const rep = signIns.find(({ role }) => role === "rep");
  if (!rep) throw new Error(`the demo company has no rep:\n${stdout}`);
  return { server, rep };
}

/** A window, and everything that went wrong in it: errors on the console, panics, violations of the CSP. */
export async function openWindow(browser: Browser, options: BrowserContextOptions): Promise<{ page: Page; wrongs: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  return { page, wrongs: await watch(page) };
}

/** Collects what goes wrong in a page from now on. */
export async function watch(page: Page): Promise<string[]> {
  const wrongs: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrongs.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrongs.push(`exception: ${error.message}`));
  await page.exposeFunction("reportViolation", (text: string) => wrongs.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      (window as any).reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return wrongs;
}

/** Fills in the door, and waits until the app is open. */
export async function signIn(page: Page, rep: SignIn, language: Language = "en"): Promise<void> {
  await fillDoor(page, rep.login!, rep.password!, language);
  await expect(page.getByRole("navigation", { name: language === "en" ? "Main" : "主导航" })).toBeVisible({ timeout: START });
}

export async function fillDoor(page: Page, login: string, password: string, language: Language = "en"): Promise<void> {
  const words = WORDS[language];
  await page.getByLabel(words.login).fill(login);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: words.signIn, exact: true }).click();
}

/** Goes to an address inside the app as a tap on a link does, without loading the page again. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement("a"), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await expect(page).toHaveURL((url) => url.pathname + url.search === path);
}

/** Name and address of each page; the account is the first on Today, so that it has a promise to show. */
export async function addresses(page: Page): Promise<[string, string][]> {
  const account = await page.getByRole("main").locator('a[href^="/accounts/"]').first().getAttribute("href");
  await go(page, account!);
  const contact = await page.getByRole("main").locator('a[href^="/contacts/"]').first().getAttribute("href");
  return [
    ["today", "/"],
    ["accounts", "/accounts"],
    ["account", account!],
    ["contact", contact!],
    ["account-form", "/accounts/new"],
    ["sync", "/sync"],
    ["settings", "/settings"],
    ["more", "/more"],
  ];
}
