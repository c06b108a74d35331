// The part of the app that comes behind the start: where it cannot be had its pages say so, and a reload brings it for good.
import { cp, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";

let site: string;
let away: string;
let server: Server;
let rep: SignIn;
let device: Device;

test.beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "rounds-site-"));
  await cp(process.env.ROUNDS_SITE_DIR!, site, { recursive: true });
  away = await mkdtemp(join(tmpdir(), "rounds-away-"));
  await move(join(site, "pkg"), away);
  ({ server, rep } = await demoCompany(5, { ROUNDS_SITE_DIR: site }));
  device = await Device.new(server.origin);
});
test.afterAll(async () => {
  await device?.remove();
  await server?.remove();
  for (const folder of [site, away]) await rm(folder, { recursive: true });
});

test("a page whose part is gone from the server says so; a reload brings the part, and then it needs no server", async () => {
  await device.signIn(rep);
  const { page } = device;
  const title = page.getByRole("heading", { name: "Settings", level: 1 });
  await page.goto("/settings");
  await expect(page.getByText(/not on this device yet.*What you saved is safe/)).toBeVisible({ timeout: START });
  await expect(title).toBeHidden();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Today" }).click();
  await expect(page.getByRole("heading", { name: "Today", level: 1 }), "the rest of the app is whole").toBeVisible();

  await page.goto("/settings");
  await expect(page.getByText(/not on this device yet/)).toBeVisible({ timeout: START });
  await move(away, join(site, "pkg"));
  await server.restart();
  await page.getByRole("button", { name: "Reload the app" }).click();
  await expect(title).toBeVisible({ timeout: START });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await server.kill9();
  await page.reload();
  await expect(title).toBeVisible({ timeout: START });
});

/** Moves the part's files, plain and compressed. */
async function move(from: string, to: string): Promise<void> {
  const files = (await readdir(from)).filter((file) => file.startsWith("part."));
  expect(files).not.toHaveLength(0);
  for (const file of files) await rename(join(from, file), join(to, file));
}
