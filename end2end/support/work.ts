// What people do in the stories about syncing, and how it is seen that nothing of it was lost.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Device } from "./device.ts";
import { go, START, WORDS } from "./rep.ts";
import type { Server } from "./server.ts";

/** After a fault has ended, everything is sent and equal within this many milliseconds (sync.md, "How it is proved"). */
export const HEALED = 60_000;

export const line = (page: Page) => page.locator(".sync-line");

/** Opens the first account of the list, on which the work is done. */
export async function openFirstAccount(page: Page): Promise<void> {
  await page.goto("/accounts");
  await page.locator(".row-link").first().click();
  await expect(page.getByRole("link", { name: "Timeline" })).toBeVisible({ timeout: START });
}

/** Writes a follow-up on the account that is open, and does not save it yet. */
export async function logSheet(page: Page, text: string): Promise<Locator> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: WORDS.en.log }).click();
  const sheet = page.getByRole("dialog", { name: WORDS.en.log });
  await sheet.locator("textarea").fill(text);
  return sheet;
}

/** Logs a follow-up on the account that is open. */
export async function log(page: Page, text: string): Promise<void> {
  const sheet = await logSheet(page, text);
  await sheet.getByRole("button", { name: WORDS.en.save }).click();
  await expect(sheet).toBeHidden();
}

/** The texts of follow-ups on the server that begin so, in order: one that came twice is there twice. */
export async function logged(server: Server, prefix: string): Promise<string[]> {
  const rows = await server.sql(`SELECT body->>'text' FROM record WHERE body->>'text' LIKE '${prefix}%' ORDER BY 1`);
  return rows.flat();
}

/** Sees by the app's own comparison that nothing waits and that this device holds exactly what it should. */
export async function healed(device: Device, page = device.page): Promise<void> {
  await expect.poll(() => device.stored("outbox"), { timeout: HEALED }).toEqual([]);
  await go(page, "/sync");
  await expect(page.getByText("Everything is sent")).toBeVisible({ timeout: HEALED });
  await page.getByRole("button", { name: /Compare this device with the server/ }).click();
  await expect(page.getByText(/the same as the server/)).toBeVisible({ timeout: HEALED });
}

/** Lets no request of the device reach the server, as if there were no network, or answers each like this. */
export async function block(device: Device, answer?: { status: number; body?: object; headers?: Record<string, string> }): Promise<void> {
  await device.context.unroute("**/api/v1/sync");
  await device.context.route("**/api/v1/sync", (route) =>
    answer ? route.fulfill({ status: answer.status, headers: answer.headers, json: answer.body ?? {} }) : route.abort(),
  );
}

export async function unblock(device: Device): Promise<void> {
  await device.context.unroute("**/api/v1/sync");
}
