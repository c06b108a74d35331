// A photo in a log: taken without a network, there after the browser was killed, sent behind the log, and with the manager
// first small and then in full (sync.md, item 19).
import { deflateSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import { Device } from "../support/device.ts";
import { demoCompany, START, WORDS } from "../support/rep.ts";
import type { Server, SignIn } from "../support/server.ts";
import { healed, HEALED, line, openFirstAccount } from "../support/work.ts";

let server: Server;
let rep: SignIn;
let manager: SignIn;
const devices: Device[] = [];

test.beforeAll(async () => {
  ({ server, rep, manager } = await demoCompany(5));
});
test.afterAll(async () => {
  for (const device of devices) await device.remove();
  await server?.remove();
});

async function deviceOf(who: SignIn, viewport?: { width: number; height: number }): Promise<Device> {
  const device = await Device.new(server.origin, viewport ? { viewport } : {});
  devices.push(device);
  await device.signIn(who);
  return device;
}

const sheet = (page: Page) => page.getByRole("dialog", { name: WORDS.en.log });
const blobs = () => server.sql("SELECT size FROM blob ORDER BY size");

test("a photo taken offline survives the browser, is sent behind its log, and the manager sees it small and then in full", async () => {
  const phone = await deviceOf(rep);
  await openFirstAccount(phone.page);
  const account = new URL(phone.page.url()).pathname;
  await phone.installed();
  // Chromium writes a cookie to the disk within half a minute, or when it is closed.
  await phone.reopen();
  await phone.page.goto(account);

  await test.step("without a network photos are chosen, one is left out, and a half-typed log keeps the other", async () => {
    await expect(phone.page.getByRole("link", { name: "Timeline" })).toBeVisible({ timeout: START });
    await phone.context.setOffline(true);
    await phone.page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: WORDS.en.log }).click();
    await sheet(phone.page).locator("textarea").fill("The shelf is empty");
    const photos = [{ name: "shelf.png", mimeType: "image/png", buffer: picture(2600, 1300) }, { name: "blurred.png", mimeType: "image/png", buffer: picture(300, 300) }];
    await sheet(phone.page).getByLabel("Photos").setInputFiles(photos);
    await expect(sheet(phone.page).getByRole("img", { name: "shelf.jpg" })).toBeVisible();
    await sheet(phone.page).getByRole("button", { name: "Remove blurred.png" }).click();
    await expect(sheet(phone.page).getByRole("img", { name: "blurred.png" })).toBeHidden();
    // What is kept of the log knows the photo, and no longer the one that was left out.
    await expect.poll(async () => /shelf\.jpg/.test((await phone.stored("drafts")).join().replace(/.*blurred.*/s, ""))).toBe(true);
  });

  await test.step("the browser is killed, and the log goes on with its photo and is saved", async () => {
    await phone.kill();
    await phone.start();
    await phone.context.setOffline(true);
    await phone.page.goto(account);
    await phone.page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: WORDS.en.log }).click({ timeout: START });
    await expect(sheet(phone.page).locator("textarea")).toHaveValue("The shelf is empty");
    await shown(phone.page, "shelf.jpg");
    await sheet(phone.page).getByRole("button", { name: WORDS.en.save, exact: true }).click();
    await expect(sheet(phone.page)).toBeHidden();
    await expect(line(phone.page)).toContainText("1 change waiting · 1 file waiting");
    await shown(phone.page, "shelf.jpg");
  });

  await test.step("signing out says that the photo is not sent, and leaves the choice", async () => {
    await phone.page.goto("/settings");
    await phone.page.getByRole("button", { name: "Sign out" }).click({ timeout: START });
    const asked = phone.page.getByRole("dialog", { name: "Sign out" });
    await expect(asked).toContainText("1 change is not sent yet. 1 file is not sent yet.");
    await asked.getByRole("button", { name: "Stay signed in" }).click();
    await expect(asked).toBeHidden();
  });

  await test.step("killed again it is all there, and with the network it is sent once", async () => {
    await phone.kill();
    await phone.start();
    await phone.page.goto(account);
    await expect.poll(blobs, { timeout: HEALED }).toHaveLength(2);
    await expect.poll(async () => (await phone.stored("files")).filter((text) => text.includes("size") && !text.includes("sent_at")), { timeout: HEALED }).toEqual([]);
    await expect(line(phone.page)).toContainText("All sent");
    expect(await server.sql("SELECT count(*) FROM record WHERE kind = 'attachment'")).toEqual([["1"]]);
    await healed(phone);
  });

  await test.step("the manager sees the thumbnail in the timeline, and the picture by a tap; Escape closes it", async () => {
    const boss = await deviceOf(manager, { width: 1280, height: 800 });
    await boss.page.goto(account);
    await expect(boss.page.getByText("The shelf is empty")).toBeVisible({ timeout: START });
    expect(Math.max(...(await shown(boss.page, "shelf.jpg")))).toBe(160);
    await boss.page.getByRole("button", { name: /^shelf.jpg/ }).click();
    const dialog = boss.page.getByRole("dialog", { name: "shelf.jpg" });
    await expect(dialog.getByRole("status")).toHaveText("On this device");
    await expect.poll(() => size(boss.page, "shelf.jpg", "dialog ")).toEqual([2048, 1024]);
    await boss.page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await boss.context.setOffline(true);
    await boss.page.getByRole("button", { name: /^shelf.jpg, On this device/ }).click();
    await expect.poll(() => size(boss.page, "shelf.jpg", "dialog ")).toEqual([2048, 1024]);
    await boss.context.setOffline(false);
    await boss.page.keyboard.press("Escape");
  });

  await test.step("a file of any kind is added to the account; what is too large is explained", async () => {
    await phone.page.goto(`${account}?tab=files`);
    const add = phone.page.getByLabel("Add files");
    await add.setInputFiles({ name: "prices.html", mimeType: "text/html", buffer: Buffer.from("<script>document.title = 'run'</script>") });
    await expect(phone.page.getByRole("button", { name: /^prices.html/ })).toBeVisible();
    await expect.poll(blobs, { timeout: HEALED }).toHaveLength(3);
    const [[sha256]] = await server.sql("SELECT encode(sha256, 'hex') FROM blob ORDER BY size LIMIT 1");
    const answer = await phone.context.request.get(`${server.origin}/api/v1/blobs/${sha256}`);
    expect([answer.headers()["content-type"], answer.headers()["content-disposition"]]).toEqual(["application/octet-stream", "attachment"]);
    await add.setInputFiles({ name: "film.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(26 * 1024 * 1024) });
    await expect(phone.page.getByText("film.mp4 is larger than 25 MB and was not added.")).toBeVisible();
  });
  for (const device of devices) expect(device.complaints).toEqual([]);
});

/** Waits until a picture is drawn, and gives its size in pixels. */
async function shown(page: Page, name: string): Promise<number[]> {
  await expect.poll(async () => (await size(page, name)).every((length) => length > 0)).toBe(true);
  return size(page, name);
}

async function size(page: Page, name: string, within = ""): Promise<number[]> {
  const image = page.locator(`${within}img[alt="${name}"]`).first();
  return image.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
}

/** A grey PNG (RFC 2083). */
function picture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8; // bits of grey
  const rows = Buffer.alloc((width + 1) * height, 0x90);
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0; // no filter
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
