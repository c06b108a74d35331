// The still: Today stands on the screen before the app is there, as it was drawn last, and is never of another moment. What is
// tapped in it is done.
import { expect, type Page, test } from "@playwright/test";
import { NETWORK } from "../support/complaints.ts";
import { demoCompany, go, openWindow, signIn, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;
let page: Page;
let wrongs: string[];

const shell = () => page.locator("#shell");
const still = () => page.locator("#still");
const today = () => page.locator("#app .today");
const names = (within: string) => page.locator(`${within} .row-name`).allTextContents();

/** The still that the device holds; empty where it has none. */
const kept = () =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await asked(indexedDB.open(localStorage.getItem("rounds.signed_in")!));
    const text = await asked<string | undefined>(database.transaction("meta").objectStore("meta").get("still"));
    database.close();
    return (text && (JSON.parse(text) as { html?: string }).html) || "";
  });

const drawn = () => expect.poll(kept, { timeout: START }).toContain("row-name");

/** Loads the page again, its module held back until the answer is called. */
async function reload(): Promise<() => Promise<void>> {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  const module = /\/pkg\/rounds\.\w+\.wasm$/;
  await page.route(module, async (route) => {
    await promise;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  return async () => {
    resolve();
    await expect(shell()).toHaveCount(0, { timeout: START });
    await page.unroute(module);
  };
}

test.beforeAll(async ({ browser }) => {
  ({ server, rep } = await demoCompany(60));
  ({ page, wrongs } = await openWindow(browser, { baseURL: server.origin, locale: "en" }, NETWORK));
  await page.goto("/");
  await signIn(page, rep);
});
test.beforeEach(async () => {
  await go(page, "/");
  await drawn();
});
test.afterEach(() => expect(wrongs).toEqual([]));
test.afterAll(async () => {
  await page?.context().close();
  await server?.remove();
});

test("Today is on the screen before the app, and stands where it stood when the app has drawn it", async () => {
  const before = await names("#app .today");
  const quiet = await page.locator("#app h1 .quiet").textContent();
  const release = await reload();
  await expect(still()).toBeVisible();
  expect(await names("#still")).toEqual(before);
  await expect(still().locator("h1 .quiet")).toHaveText(quiet!);
  await page.locator("#shell .pane").evaluate((pane) => (pane.scrollTop = 200));
  const place = await still().locator(".row-name").nth(3).boundingBox();
  await release();
  expect(await names("#app .today")).toEqual(before);
  expect(await today().locator(".row-name").nth(3).boundingBox()).toEqual(place);
});

test("a link tapped before the app is there opens with it", async () => {
  const release = await reload();
  const link = still().locator(".row-link").first();
  const path = await link.getAttribute("href");
  await link.click();
  await expect(page).toHaveURL((url) => url.pathname === path);
  await expect(still()).toHaveCount(0);
  await release();
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await page.goBack();
  await expect(today()).toBeVisible();
});

test("a button pressed before the app is there is pressed when it is, and what it changed leaves no still of before", async () => {
  const release = await reload();
  const row = still().locator("li.row").filter({ has: page.locator("[aria-pressed=false]") }).first();
  const name = (await row.locator(".row-name").textContent())!;
  const done = row.locator("[aria-pressed=false]");
  const label = (await done.getAttribute("aria-label"))!;
  await done.click();
  await expect(done).toHaveAttribute("aria-busy", "true");
  await release();
  await expect(page.locator(".toast")).toContainText(name);
  expect(await kept(), "the row is no more to be done").not.toContain(label);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
});

test("the keyboard goes on in the app where it stood in the still", async () => {
  const release = await reload();
  const link = still().locator(".row-link").nth(2);
  await link.focus();
  const name = await link.locator(".row-name").textContent();
  await release();
  await expect(today().locator(".row-link", { hasText: name! }).first()).toBeFocused();
});

test("the bar of the still is the app's: its button opens the log as soon as the app is there", async () => {
  const release = await reload();
  const [bar, log] = [shell().getByRole("navigation"), { name: "Log a follow-up" }];
  const today = bar.getByRole("link", { name: "Today" });
  await expect(today).toHaveAttribute("aria-current", "page");
  const steps = () => page.evaluate(() => history.length);
  const before = await steps();
  await today.click();
  expect(await steps(), "the page that is shown is not twice in the history").toBe(before);
  await bar.getByRole("button", log).click();
  await release();
  await expect(page.getByRole("dialog", log)).toBeVisible();
  await page.keyboard.press("Escape");
});

test("a database that does not answer in time holds up no start", async () => {
  const other = await page.context().newPage();
  await other.addInitScript(() => {
    const open = IDBFactory.prototype.open;
    // The still alone is asked for without saying which version of the database.
    IDBFactory.prototype.open = function (...args: [string, number?]) {
      return args.length === 1 ? ({} as IDBOpenDBRequest) : open.apply(this, args);
    };
  });
  await other.goto("/");
  await expect(other.locator("#app .today .row-link").first()).toBeVisible({ timeout: START });
  await expect(other.locator("#shell")).toHaveCount(0);
  await other.close();
});

test("a still of another day, another language or of who signed out is not shown", async () => {
  const shows = async (): Promise<boolean> => {
    const release = await reload();
    // Nothing tells that nothing will come: what comes, comes before the app's other files are there.
    await page.waitForLoadState("load");
    await page.waitForTimeout(1_000);
    const shown = (await still().count()) > 0;
    await release();
    return shown;
  };
  expect(await shows(), "as it is").toBe(true);
  await page.evaluate(() => localStorage.setItem("rounds.lang", "zh-CN"));
  expect(await shows(), "in Chinese").toBe(false);
  await page.evaluate(() => localStorage.removeItem("rounds.lang"));
  await page.reload();
  await drawn();
  await page.clock.setFixedTime(Date.now() + 24 * 3_600_000);
  expect(await shows(), "tomorrow").toBe(false);
  await page.clock.setFixedTime(Date.now());
  await go(page, "/settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Rounds" })).toBeVisible({ timeout: START });
  await page.goto("/");
  expect(await shows(), "signed out").toBe(false);
});
