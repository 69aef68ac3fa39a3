import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Where the browser is, unless `CHROMIUM_PATH` says otherwise. */
const EXECUTABLE = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long anything on a page may take, in milliseconds: machines may be busy. */
const WAIT_MS = 20_000;

/** Starts a Chromium that talks to nobody but the page; throws where there is none. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    throw new Error(`There is no Chromium at ${EXECUTABLE}: install it (npm test does), or set CHROMIUM_PATH.`);
  }
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** A page in a new profile, the same on every machine unless the options say otherwise. */
export async function newWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  // What moves has other colours on its way.
  const context = await browser.newContext({ locale: "en-US", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(WAIT_MS);
  return context.newPage();
}
