// Somebody's device: a browser with a profile of its own on disk, so that what it stores survives its end.
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { type BrowserName, BROWSERS } from "./browsers.ts";
import { NETWORK, watch } from "./complaints.ts";
import type { SignIn } from "./server.ts";

const PHONE = { width: 390, height: 844 };

interface Options {
  browser: BrowserName;
  viewport: { width: number; height: number };
  locale: string;
  /** What the browser is started with besides. */
  args: string[];
}

export class Device {
  context!: BrowserContext;
  page!: Page;
  /** Console errors and violations of the content security policy seen on any page. */
  readonly complaints: string[] = [];
  private readonly profile: string;
  private readonly origin: string;
  private readonly options: Options;

  private constructor(profile: string, origin: string, options: Options) {
    this.profile = profile;
    this.origin = origin;
    this.options = options;
  }

  /** A new device, a phone with Chromium in English unless said otherwise. */
  static async new(origin: string, options: Partial<Options> = {}): Promise<Device> {
    const profile = await mkdtemp(join(tmpdir(), "rounds-device-"));
    const device = new Device(profile, origin, { browser: "chromium", viewport: PHONE, locale: "en-GB", args: [], ...options });
    await device.start();
    return device;
  }

  /** Opens the browser on the profile. */
  async start(): Promise<void> {
    const { browser, args, ...page } = this.options;
    const { type, options } = BROWSERS[browser];
    const launch = { ...options, ...page, args: [...(options.args ?? []), ...args], baseURL: this.origin };
    this.context = await type.launchPersistentContext(this.profile, launch);
    this.context.setDefaultTimeout(90_000);
    // A request that fails because there is no network is what these stories are about.
    await watch(this.context, this.complaints, NETWORK);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** Ends every process of the browser at once, as a phone does that needs the memory. */
  async kill(): Promise<void> {
    await promisify(execFile)("pkill", ["-9", "-f", this.profile]).catch(() => undefined);
    await this.context.close().catch(() => undefined);
  }

  /** Closes the browser as a user does, which writes its cookies to the disk, and opens it again. */
  async reopen(): Promise<void> {
    await this.context.close();
    await this.start();
  }

  /** Another device with a copy of this one's profile, as a backup put onto a second phone makes it. Both go on. */
  async clone(): Promise<Device> {
    await this.context.close();
    const profile = await mkdtemp(join(tmpdir(), "rounds-device-"));
    await cp(this.profile, profile, { recursive: true });
    const clone = new Device(profile, this.origin, this.options);
    await this.start();
    await clone.start();
    return clone;
  }

  async remove(): Promise<void> {
    await this.context.close().catch(() => undefined);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Signs in with the one-time link or the password that the server printed, and waits for the first page. */
  async signIn(signIn: SignIn): Promise<void> {
    if (signIn.link) {
      const link = new URL(signIn.link);
      await this.page.goto(link.pathname + link.hash);
      const enter = this.page.getByRole("button", { name: "Sign in" });
      const today = this.page.getByRole("heading", { name: "Today", level: 1 });
      await expect(enter.or(today).first()).toBeVisible();
      if (await enter.isVisible()) await enter.click();
    } else {
      await this.page.goto("/");
      await this.page.getByLabel("E-mail or mobile").fill(signIn.login ?? "");
      await this.page.getByRole("textbox", { name: "Password" }).fill(signIn.password ?? "");
      await this.page.getByRole("button", { name: "Sign in" }).click();
    }
    await expect(this.page.getByRole("heading", { name: "Today", level: 1 })).toBeVisible();
  }

  /** Waits until the service worker has the whole app, so that it starts without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  }

  /** Opens an account from the list. */
  async openAccount(name: string): Promise<void> {
    await this.page.goto("/accounts");
    await this.page.getByRole("searchbox").fill(name);
    await this.page.getByRole("link", { name: new RegExp(name) }).first().click();
    await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
  }

  /** Changes fields of the account that is open; the names are the labels of the fields. */
  async editAccount(values: Record<string, string>): Promise<void> {
    await this.page.getByRole("link", { name: "Edit" }).first().click();
    const form = this.page.getByRole("dialog");
    const more = form.locator("summary").first();
    await more.click();
    for (const [label, value] of Object.entries(values)) {
      await form.getByLabel(label, { exact: true }).first().fill(value);
    }
    await form.getByRole("button", { name: "Save", exact: true }).click();
    await expect(form).toBeHidden();
  }

  /** The texts in a table of the local database. */
  async stored(table: string): Promise<string[]> {
    return this.page.evaluate(async (table) => {
      const found = (await indexedDB.databases()).find((one) => one.name?.startsWith("rounds."));
      if (!found?.name) return [];
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(found.name ?? "");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const store = [...database.objectStoreNames].find((name) => name.startsWith(table)) ?? table;
      const texts = await new Promise<string[]>((resolve) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      database.close();
      return texts;
    }, table);
  }
}
