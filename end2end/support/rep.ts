// One demo company, one rep in one browser window: what the stories about screens start from.
import { type Browser, type BrowserContextOptions, expect, type Page } from "@playwright/test";
import { watch } from "./complaints.ts";
import { Server, type SignIn } from "./server.ts";

/** Milliseconds that the unoptimised app may take to start on a busy machine. */
export const START = 90_000;

/** What the stories must read or press, in the languages they run in. */
export const WORDS = {
  en: {
    title: "Sign in to Rounds", login: "E-mail or mobile number", password: "Password", signIn: "Sign in",
    navigation: "Main", log: "Log a follow-up", save: "Save",
  },
  "zh-CN": {
    title: "登录走访", login: "邮箱或手机号", password: "密码", signIn: "登录",
    navigation: "主导航", log: "写跟进", save: "保存",
  },
  "zh-TW": {
    title: "登入走訪", login: "電子郵件或手機號碼", password: "密碼", signIn: "登入",
    navigation: "主導覽", log: "寫跟進", save: "儲存",
  },
} as const;

export type Language = keyof typeof WORDS;

/** A demo company with a rep who has this many accounts, and his manager. */
export async function demoCompany(accounts: number, env: NodeJS.ProcessEnv = {}): Promise<{ server: Server; rep: SignIn; manager: SignIn }> {
  const server = await Server.start(env);
  const { stdout, signIns } = await server.demo(accounts);
  const [rep, manager] = ["rep", "manager"].map((wanted) => signIns.find(({ role }) => role === wanted));
  if (!rep || !manager) throw new Error(`the demo company has no rep or no manager:\n${stdout}`);
  return { server, rep, manager };
}

/** A window, and everything that goes wrong in it, but for what is pardoned. */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions,
  pardoned?: RegExp,
): Promise<{ page: Page; wrongs: string[] }> {
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  const wrongs: string[] = [];
  await watch(context, wrongs, pardoned);
  return { page: await context.newPage(), wrongs };
}

/** Fills in the door, and waits until the app is open. */
export async function signIn(page: Page, rep: SignIn, language: Language = "en"): Promise<void> {
  await fillDoor(page, rep.login!, rep.password!, language);
  await expect(page.getByRole("navigation", { name: WORDS[language].navigation })).toBeVisible({ timeout: START });
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

/** Goes to an address inside the app, and waits until the page is there. */
export async function visit(page: Page, path: string): Promise<void> {
  await go(page, path);
  await expect(page.getByRole("heading", { level: 1 }).filter({ visible: true }).first()).toBeVisible();
}

/** Opens the sheet in which a follow-up is logged. */
export async function openLog(page: Page, language: Language): Promise<void> {
  await visit(page, "/");
  await page.getByRole("navigation").getByRole("button", { name: WORDS[language].log }).click();
  await expect(page.getByRole("dialog", { name: WORDS[language].log })).toBeVisible();
}

/** Name and address of each page; the account is the first on Today, so that it has a promise to show. */
export async function addresses(page: Page): Promise<[string, string][]> {
  const account = await page.getByRole("main").locator('a[href^="/accounts/"]').first().getAttribute("href");
  await go(page, account!);
  const contact = await page.getByRole("main").locator('a[href^="/contacts/"]').first().getAttribute("href");
  await visit(page, "/dashboards/rep");
  await page.locator(".page-tools button").first().click(); // one's own is made of it
  await expect(page).toHaveURL(/\/edit$/);
  const edited = new URL(page.url()).pathname;
  return [
    ["today", "/"],
    ["accounts", "/accounts"],
    ["account", account!],
    ["contact", contact!],
    ["account-form", "/accounts/new"],
    ["sync", "/sync"],
    ["settings", "/settings"],
    ["more", "/more"],
    ["queries", "/queries"],
    ["query-list", "/queries/not_contacted_30"],
    ["query-chart", "/queries/by_stage"],
    ["query-designer", "/queries/overdue/edit"],
    ["dashboard", "/dashboards/rep"],
    ["dashboard-edit", edited],
  ];
}
