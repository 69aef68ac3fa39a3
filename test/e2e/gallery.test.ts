import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADMIN_LANGUAGES } from "../../src/http/pages/language.ts";
import type { Language } from "../../src/http/pages/models.ts";
import { launchBrowser } from "../gallery/browser.ts";
import { OTPAUTH_URI } from "../gallery/fixtures.ts";
import { type Gallery, startGallery } from "../gallery/server.ts";
import { readQr } from "../support/authenticator-app.ts";
import { axeProblems, overflows } from "../support/look-at-page.ts";

const ALL_VIEWS_MS = 240_000;

let browser: Browser;
let gallery: Gallery;

beforeAll(async () => {
  [browser, gallery] = await Promise.all([launchBrowser(), startGallery()]);
});

afterAll(async () => {
  await Promise.all([browser.close(), gallery.close()]);
});

/** Opens every view in one locale, lets `look` judge it, and returns what was found, each with its view's name. */
async function inspectAll(
  prefix: Language | "long" | "rtl",
  options: BrowserContextOptions,
  look: (page: Page) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const found: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") found.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(gallery.origin)) found.push(`outside request: ${request.url()}`);
  });
  const isTranslated = ADMIN_LANGUAGES.some((language) => language === prefix) || prefix === "long" || prefix === "rtl";
  for (const { name } of gallery.fixtures.filter(({ model }) => isTranslated || model.page !== "admin")) {
    await page.goto(`${gallery.origin}/${prefix}/${name}`);
    const problems = await look(page);
    found.push(...problems.map((problem) => `${name}: ${problem}`));
  }
  await context.close();
  return found;
}

describe("every view", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(
      `passes the accessibility check, runs without console messages and asks no other origin (${colorScheme})`,
      async () => {
        expect(await inspectAll("en", { colorScheme, reducedMotion: "reduce" }, axeProblems)).toEqual([]);
      },
      ALL_VIEWS_MS,
    );
  }

  test(
    "fits a window of 320 pixels with text 40 % longer, in both writing directions and in every language",
    async () => {
      const narrow = { viewport: { width: 320, height: 640 } };
      for (const prefix of ["long", "rtl", "de", "fr", "es", "ar"] as const) {
        expect(await inspectAll(prefix, narrow, overflows)).toEqual([]);
      }
    },
    ALL_VIEWS_MS,
  );
});

describe("the QR code", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`can be read from the screen and is at least 200 pixels wide (${colorScheme})`, async () => {
      const context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      await page.goto(`${gallery.origin}/en/enrol-totp`);
      const qr = page.getByRole("img", { name: /QR code/ });
      expect((await qr.boundingBox())?.width).toBeGreaterThanOrEqual(200);
      expect(await readQr(qr)).toBe(OTPAUTH_URI);
      await context.close();
    });
  }
});
