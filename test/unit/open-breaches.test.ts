import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, test } from "vitest";
import { buildCorpus } from "../../src/runtime/breach-corpus/build.ts";
import { openSource } from "../../src/runtime/breach-corpus/source.ts";
import { type OpenBreaches, openBreaches } from "../../src/runtime/open-breaches.ts";

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

let dataDir: string;
let log: string[];
let opened: OpenBreaches | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "countersign-breaches-"));
  log = [];
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  rmSync(dataDir, { recursive: true });
});

async function build(passwords: readonly string[], hasTails = true): Promise<void> {
  const list = join(dataDir, "list.txt");
  writeFileSync(
    list,
    passwords
      .map((password) => `${sha1(password)}:2`)
      .sort()
      .join("\n"),
  );
  await buildCorpus({ source: openSource(list), path: join(dataDir, "breaches.corpus"), hasTails, nowMs: 0 });
}

async function open(): Promise<OpenBreaches> {
  const note = (event: string) => void log.push(event);
  const logger = { info: note, warn: note, error: note };
  const config = { dataDir, breachCorpus: undefined, breachUrl: undefined };
  opened = await openBreaches(config, { clock: { now: Date.now }, logger });
  return opened;
}

it("uses a corpus in the data folder by itself, and the bundled list where there is none", async () => {
  const bundled = await open();
  expect(await bundled.index.lookUp(sha1("gravel"))).toEqual({ status: "unavailable" });
  await bundled.close();
  await build(["gravel"]);
  const { index } = await open();
  expect(await index.lookUp(sha1("gravel"))).toEqual({ status: "found", count: 2 });
  expect(await index.lookUp(sha1("otter"))).toEqual({ status: "clear" });
});

it("takes over a corpus that replaces the one in use, while look-ups go on", async () => {
  await build(["gravel"]);
  const { index, refresh } = await open();
  await build(["gravel", "otter"]);
  expect(await index.lookUp(sha1("otter"))).toEqual({ status: "clear" });
  const under = Array.from({ length: 50 }, () => index.lookUp(sha1("gravel")));
  await refresh();
  expect(await index.lookUp(sha1("otter"))).toEqual({ status: "found", count: 2 });
  for (const report of await Promise.all(under)) expect(report).toEqual({ status: "found", count: 2 });
  await refresh();
  expect(log).toEqual(["breach_corpus_replaced"]);
});

it("keeps the corpus in use when what replaces it is none", async () => {
  await build(["gravel"]);
  const { index, refresh } = await open();
  rmSync(join(dataDir, "breaches.corpus"));
  writeFileSync(join(dataDir, "breaches.corpus"), "not a corpus");
  await refresh();
  expect(log).toEqual(["breach_corpus_refused"]);
  expect(await index.lookUp(sha1("gravel"))).toEqual({ status: "found", count: 2 });
});

test("a corpus for look-ups only finds, and serves no range", async () => {
  await build(["gravel"], false);
  const { index } = await open();
  expect(await index.lookUp(sha1("gravel"))).toEqual({ status: "found", count: 2 });
  expect(await index.range(sha1("gravel").slice(0, 5))).toEqual({ status: "unavailable" });
});
