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
const PROVIDED = ["cloudflare:sockets", "node:async_hooks", "node:buffer", "node:crypto", "node:events", "node:stream"];

type Metafile = { outputs: Record<string, { imports: { path: string }[] }> };

const folder = mkdtempSync(join(tmpdir(), "countersign-bundle-"));
let bundle = "";

beforeAll(async () => {
  await buildWorker(folder);
  bundle = readFileSync(join(folder, "worker.js"), "utf8");
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the Worker's final bundle", () => {
  test("asks the runtime for nothing but what Workers have", () => {
    // The bundler's own form.
    const { outputs } = JSON.parse(readFileSync(join(folder, "bundle-meta.json"), "utf8")) as Metafile;
    const imports = Object.entries(outputs).find(([path]) => path.endsWith("worker.js"))?.[1].imports ?? [];
    expect([...new Set(imports.map(({ path }) => path))].sort()).toEqual(PROVIDED);
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
