/**
 * Looking at the pages: `node test/gallery/main.ts` serves every view; with a folder as argument it takes pictures of all of
 * them instead (light, dark, 320 pixels wide, right to left) and leaves.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { type Gallery, startGallery } from "./server.ts";

const LOOKS = [
  { name: "light", prefix: "en", width: 900, scheme: "light" },
  { name: "dark", prefix: "de", width: 900, scheme: "dark" },
  { name: "phone", prefix: "long", width: 320, scheme: "light" },
  { name: "rtl", prefix: "rtl", width: 480, scheme: "dark" },
] as const;

const folder = process.argv[2];
const gallery = await startGallery(folder === undefined ? 8790 : 0);
if (folder === undefined) {
  console.log(`gallery at ${gallery.origin}`);
} else {
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  for (const look of LOOKS) await takePictures(browser, gallery, look, folder);
  await browser.close();
  await gallery.close();
}

async function takePictures(
  browser: Browser,
  { origin, fixtures }: Gallery,
  look: (typeof LOOKS)[number],
  into: string,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: look.width, height: 800 },
    colorScheme: look.scheme,
    hasTouch: look.name === "phone",
    isMobile: look.name === "phone",
  });
  for (const { name } of fixtures) {
    await page.goto(`${origin}/${look.prefix}/${name}`, { waitUntil: "load" });
    await page.screenshot({ path: join(into, `${name}-${look.name}.png`), fullPage: true });
  }
  await page.close();
}
