import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readAssets } from "../../web/server/assets.ts";

const CLIENT = join(import.meta.dirname, "../../web/dist/client");
const KILOBYTE = 1024;

/** Script that a page loads in all, compressed: its entry, what that imports, and the words of one language. */
function scriptBytes(page: string, words: string): number {
  const manifest: unknown = JSON.parse(readFileSync(join(CLIENT, ".vite/manifest.json"), "utf8"));
  const { script, preloads } = readAssets(manifest)(`${page}/main.tsx`, [words], []);
  return [script, ...preloads]
    .filter((path) => path !== undefined)
    .reduce((sum, path) => sum + gzipSync(readFileSync(join(CLIENT, path))).length, 0);
}

describe("the script of", () => {
  for (const [page, kilobytes] of [
    ["prompt", 40],
    ["enrol", 40],
    ["account", 40],
  ] as const) {
    test(`the ${page} page is at most ${kilobytes} kB, compressed, with the longest words`, () => {
      const bytes = Math.max(...["de", "en", "fr", "es", "ar"].map((lang) => scriptBytes(page, `i18n/${lang}.ts`)));
      expect(bytes).toBeGreaterThan(5 * KILOBYTE);
      expect(bytes).toBeLessThanOrEqual(kilobytes * KILOBYTE);
    });
  }
});

test("the password field is at most 12 kB, compressed, before it loads anything", () => {
  const bytes = gzipSync(readFileSync(join(CLIENT, "assets/countersign-password.js"))).length;
  expect(bytes).toBeGreaterThan(KILOBYTE);
  expect(bytes).toBeLessThanOrEqual(12 * KILOBYTE);
});
