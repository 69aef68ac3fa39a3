import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildWorker } from "../support/worker-program.ts";

const KIBIBYTE = 1024;
/** Cloudflare takes 3 MB, compressed, from a free account and 10 MB from a paid one. */
const MOST_KIBIBYTES = 2_700;
/** What Workers have of Node, and the service uses. */
const PROVIDED = ["node:crypto"];

const folder = mkdtempSync(join(tmpdir(), "countersign-bundle-"));
let bundle = "";

beforeAll(async () => {
  await buildWorker(folder);
  bundle = readFileSync(join(folder, "worker.js"), "utf8");
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the Worker's final bundle", () => {
  test("asks the runtime for nothing but what Workers have", () => {
    const imported = [...bundle.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*"([\w@:/.-]+)"/g)].map(([, name]) => name);
    const modules = new Set(imported.filter((name) => /^(?:node:|cloudflare:|[a-z@][\w@/.-]*$)/.test(name ?? "")));
    // A sentence of a library's, not an import.
    modules.delete("reflect-metadata");
    expect([...modules]).toEqual(PROVIDED);
  });

  test.each(["better-sqlite3", "worker_threads", "node:fs", "node:net", "node:child_process", "perf_hooks"])(
    "does not speak of %s",
    (name) => {
      expect(bundle).not.toContain(name);
    },
  );

  test(`is at most ${MOST_KIBIBYTES} KiB, compressed`, () => {
    const kibibytes = gzipSync(bundle).length / KIBIBYTE;
    expect(kibibytes).toBeGreaterThan(500);
    expect(kibibytes).toBeLessThanOrEqual(MOST_KIBIBYTES);
  });
});
