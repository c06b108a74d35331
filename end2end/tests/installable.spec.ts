// The app as a browser installs it: starts from cold without a server, and takes a new version only when asked.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let server: Server;
let rep: SignIn;
let device: Device;
let site: string;

test.beforeEach(async () => {
  site = await mkdtemp(join(tmpdir(), "rounds-site-"));
  await cp(process.env.ROUNDS_SITE_DIR!, site, { recursive: true });
  ({ server, rep } = await demoCompany(10, { ROUNDS_SITE_DIR: site }));
  device = await Device.new(server.origin, { locale: "en" });
  await device.signIn(rep);
  await device.installed();
});
test.afterEach(async () => {
  await device?.remove();
  await server?.remove();
  await rm(site, { recursive: true });
});

test("Chromium finds nothing that keeps it from being installed", async () => {
  const chromium = await device.context.newCDPSession(device.page);
  const { installabilityErrors } = await chromium.send("Page.getInstallabilityErrors");
  // Playwright's profile counts as incognito to Chromium where it runs headless.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  const { errors, data } = await chromium.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data!);
  for (const { src } of [...manifest.icons, ...(manifest.screenshots ?? [])]) {
    expect((await device.context.request.get(src)).status(), src).toBe(200);
  }
  expect(device.complaints).toEqual([]);
});

test("a cold start without a server opens the app at any address", async () => {
  const account = await device.page.locator('main a[href^="/accounts/"]').first().getAttribute("href");
  await device.reopen(); // Chromium writes a cookie to the disk within half a minute, or when it is closed.
  await server.kill9();
  await device.kill();
  await device.start();
  const { page } = device;
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible({ timeout: START });
  await page.goto(account!);
  await expect(page.getByRole("link", { name: "Timeline" })).toBeVisible({ timeout: START });
  await expect(page.locator(".sync-line")).toContainText("Offline");
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible({ timeout: START });
  expect(device.complaints).toEqual([]);
});

test("a new version is a button, never under a half-filled form, and unsent work stays", async () => {
  const { page } = device;
  await logOffline(page, "Written before the new version");
  await page.goto("/accounts/new");
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: false }).first().fill("Half a na");
  await deploy("second");
  await lookForUpdate(page);
  const button = page.getByRole("button", { name: "Restart now" });
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting);
  await expect(button).toBeHidden();
  await form.getByRole("button", { name: "Close, what you typed is kept" }).click();
  await expect(button).toBeVisible();
  expect(await versions(page), "nothing is taken over without being asked").toHaveLength(2);

  await button.click();
  await expect.poll(() => versions(page).catch(() => ["restarting"]), { timeout: START }).toEqual(["rounds-second"]);
  await expect(page.getByRole("link", { name: "Timeline" }), "closing went back to the account").toBeVisible({ timeout: START });
  await expect(page.locator(".sync-line")).toContainText("waiting");
  await device.context.unroute("**/api/v1/sync");
  await page.goto("/sync");
  await page.getByRole("button", { name: /Sync now|Try now/ }).click();
  await expect(page.getByText("Everything is sent")).toBeVisible({ timeout: START });
  const [[sent]] = await server.sql("SELECT count(*) FROM record WHERE body ->> 'text' = 'Written before the new version'");
  expect(Number(sent)).toBe(1);
  expect(device.complaints).toEqual([]);
});

/** Logs a follow-up while nothing can be sent. */
async function logOffline(page: Page, text: string): Promise<void> {
  await device.context.route("**/api/v1/sync", (route) => route.abort());
  await page.locator('main a[href^="/accounts/"]').first().click();
  await expect(page.getByRole("link", { name: "Timeline" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: "Log a follow-up" }).click();
  const sheet = page.getByRole("dialog", { name: "Log a follow-up" });
  await sheet.locator("textarea").fill(text);
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toBeHidden();
  await expect(page.locator(".sync-line")).toContainText("waiting");
}

/** Puts another version of the site behind the same origin: the same app under another name. */
async function deploy(name: string): Promise<void> {
  const worker = join(site, "sw.js");
  await writeFile(worker, (await readFile(worker, "utf8")).replace(/"rounds-\w+"/, `"rounds-${name}"`));
  await server.restart();
}

/** What coming back to the app does. */
async function lookForUpdate(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

/** The versions that the device holds in full. */
async function versions(page: Page): Promise<string[]> {
  return page.evaluate(() => caches.keys());
}
