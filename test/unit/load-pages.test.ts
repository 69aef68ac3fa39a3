import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasPages, loadPages } from "../../src/runtime/load-pages.ts";

let dist: string;

beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "countersign-pages-"));
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

function build(): void {
  for (const folder of ["client/.vite", "client/assets", "server"]) mkdirSync(join(dist, folder), { recursive: true });
  writeFileSync(join(dist, "client/.vite/manifest.json"), '{"name":"the manifest"}');
  writeFileSync(join(dist, "client/assets/prompt-1a2b.js"), "export {};");
  writeFileSync(join(dist, "client/assets/notes.txt"), "not for the web");
  writeFileSync(
    join(dist, "server/render.js"),
    "export const createRenderer = (manifest) => (model) => manifest.name + ' ' + model.page;",
  );
}

describe("the built pages", () => {
  test("are absent, not an error, before they are built", async () => {
    expect(hasPages(dist)).toBe(false);
    expect(await loadPages(dist)).toBeUndefined();
  });

  test("render with the manifest of their build", async () => {
    build();
    const pages = await loadPages(dist);
    expect(pages?.render({ page: "plain" } as Parameters<NonNullable<typeof pages>["render"]>[0])).toBe(
      "the manifest plain",
    );
  });

  test("bring their scripts and styles, cacheable for ever, and no other file", async () => {
    build();
    const pages = await loadPages(dist);
    const script = await pages?.asset("/assets/prompt-1a2b.js");
    expect(await script?.text()).toBe("export {};");
    expect(Object.fromEntries(script?.headers ?? [])).toEqual({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    });
    for (const path of ["/assets/notes.txt", "/assets/../server/render.js", "/assets/", "/.vite/manifest.json"]) {
      expect(await pages?.asset(path), path).toBeUndefined();
    }
  });
});
