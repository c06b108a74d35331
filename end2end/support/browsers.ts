// The browsers of this machine, quiet: their background traffic would disturb tests that watch the network.
import { type BrowserType, chromium as playwrightChromium, firefox as playwrightFirefox, type LaunchOptions } from "@playwright/test";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export interface Installed {
  type: BrowserType;
  options: LaunchOptions;
}

const chromium: Installed = {
  type: playwrightChromium,
  options: {
    executablePath: process.env.ROUNDS_CHROMIUM ?? inPath("chromium", "chromium-browser", "google-chrome"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

/** Mozilla's own Firefox over WebDriver BiDi, not the one that Playwright patches and downloads. */
const firefox: Installed = {
  type: tolerant(playwrightFirefox),
  options: {
    channel: "moz-firefox",
    executablePath: process.env.ROUNDS_FIREFOX ?? inPath("firefox-esr", "firefox"),
    firefoxUserPrefs: {
      "app.normandy.enabled": false,
      "browser.region.network.url": "",
      "datareporting.policy.dataSubmissionEnabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "nimbus.rollouts.enabled": false,
      "services.settings.server": "data:,nothing",
    },
  },
};

export const BROWSERS = { chromium, firefox };
export type BrowserName = keyof typeof BROWSERS;

/**
 * Playwright tells every new context of its colour scheme by a command that Firefox ESR 153 does not know, and gives up.
 * The stories leave the colours to the browser, so here the command is answered instead of sent.
 */
function tolerant(browserType: BrowserType): BrowserType {
  const { _bidiFirefox: bidi } = (browserType as any)._connection.toImpl(browserType);
  const connect = bidi.connectToTransport;
  bidi.connectToTransport = function (transport: any, options: unknown) {
    const send = transport.send;
    transport.send = (message: { id: number; method: string }) => {
      if (message.method !== "emulation.setMediaFeaturesOverride") return send.call(transport, message);
      queueMicrotask(() => transport.onmessage({ type: "success", id: message.id, result: {} }));
    };
    return connect.call(this, transport, options);
  };
  return browserType;
}

function inPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
