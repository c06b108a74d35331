// What goes wrong in a browser without anybody seeing it on the screen.
import type { BrowserContext } from "@playwright/test";

/** What a browser says of a request that gets no answer, or a bad one: in some stories this is what they are about. */
export const NETWORK = /Failed to load resource|Failed to fetch|net::|ERR_|NetworkError/;

/**
 * What Firefox says when a page that is left still waits for something from its service worker. A worker that fails is told
 * in other words: that its promise was rejected, or what it passed.
 */
const LEFT = /A ServiceWorker intercepted the request and encountered an unexpected error/;

/** Collects errors on the console, panics and violations of the CSP on every page of a context from now on. */
export async function watch(context: BrowserContext, complaints: string[], pardoned?: RegExp): Promise<void> {
  const complain = (text: string) => void (pardoned?.test(text) || LEFT.test(text) || complaints.push(text));
  context.on("console", (message) => message.type() === "error" && complain(message.text()));
  context.on("weberror", (error) => complain(`exception: ${error.error().message}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
}
