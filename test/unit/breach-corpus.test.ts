import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type BuildOptions, buildCorpus } from "../../src/runtime/breach-corpus/build.ts";
import { fromCountCode, HEADER_BYTES, toCountCode } from "../../src/runtime/breach-corpus/format.ts";
import { type Corpus, openCorpus } from "../../src/runtime/breach-corpus/open.ts";
import { rangeLines } from "../../src/runtime/breach-corpus/range-lines.ts";
import { openSource } from "../../src/runtime/breach-corpus/source.ts";
import { countAt, hashAt, writeHashList } from "../support/hash-list.ts";

const NOW = Date.UTC(2026, 10, 26);
const MILLION = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), "countersign-corpus-"));
afterAll(() => rmSync(folder, { recursive: true }));

let names = 0;
const fresh = () => join(folder, `file-${++names}`);

function build(from: string, options: Partial<BuildOptions> = {}) {
  const path = options.path ?? fresh();
  return buildCorpus({ source: openSource(from), path, hasTails: true, nowMs: NOW, ...options });
}

async function corpusOf(text: string, options: Partial<BuildOptions> = {}): Promise<Corpus> {
  const from = fresh();
  const path = fresh();
  writeFileSync(from, text);
  await build(from, { path, ...options });
  return openCorpus(path);
}

describe("a corpus of a million hashes", () => {
  const list = join(folder, "million.txt");
  const path = join(folder, "million.corpus");
  let corpus: Corpus;
  beforeAll(async () => {
    writeHashList(list, MILLION);
    expect(await build(list, { path })).toMatchObject({ hashes: MILLION, isResumed: false });
    corpus = await openCorpus(path);
  }, 120_000);
  afterAll(() => corpus.close());

  it("takes at most ten bytes a hash for look-ups, and is exactly as large as the format says", () => {
    const bytes = HEADER_BYTES + MILLION * 7 + 2 ** 16 * 8;
    expect(statSync(path).size).toBe(bytes);
    expect(bytes / MILLION).toBeLessThan(10);
    expect(statSync(`${path}.tails`).size).toBe(HEADER_BYTES + MILLION * 12 + 2 ** 16 * 8);
  });

  it("finds every hash with the count of its bucket, and no other", async () => {
    for (let index = 0; index < MILLION; index += 997) {
      const hash = hashAt(index, MILLION);
      expect(await corpus.countOf(hash)).toBe(fromCountCode(toCountCode(countAt(index))));
      hash[19] = (hash[19] ?? 0) ^ 1;
      expect(await corpus.countOf(hash)).toBeUndefined();
    }
  }, 60_000);

  it("lists each range whole: the suffixes and counts that went in", async () => {
    const rows = new Map<number, string[]>();
    for (let index = 0; index < 2_000; index += 1) {
      const hash = hashAt(index, MILLION).toString("hex").toUpperCase();
      const prefix = Number.parseInt(hash.slice(0, 5), 16);
      const line = `${hash.slice(5)}:${fromCountCode(toCountCode(countAt(index)))}`;
      rows.set(prefix, [...(rows.get(prefix) ?? []), line]);
    }
    const last = Math.max(...rows.keys());
    for (const [prefix, expected] of rows) {
      if (prefix === last) continue;
      const { lines, rows: found } = rangeLines(await corpus.bucketOfPrefix(prefix), prefix);
      expect(Buffer.from(lines).toString()).toBe(expected.join("\r\n"));
      expect(found).toBe(expected.length);
    }
  });

  it("is the same, byte for byte, when it was stopped again and again on the way", async () => {
    const stopped = join(folder, "stopped.corpus");
    let stops = 0;
    for (;;) {
      const controller = new AbortController();
      let pieces = 0;
      const onProgress = () => void (++pieces === 2 && controller.abort());
      const result = await build(list, { path: stopped, onProgress, signal: controller.signal });
      if (result !== "stopped") {
        expect(result.isResumed).toBe(true);
        break;
      }
      expect(existsSync(stopped)).toBe(false);
      stops += 1;
    }
    expect(stops).toBeGreaterThan(1);
    for (const suffix of ["", ".tails"]) {
      const [whole, parts] = [path, stopped].map((name) => readFileSync(`${name}${suffix}`).subarray(HEADER_BYTES));
      expect(parts?.equals(whole ?? Buffer.alloc(0))).toBe(true);
    }
    expect(existsSync(`${stopped}.progress`)).toBe(false);
  }, 120_000);

  it("goes on from the last note when it was killed between two, and starts anew for another source", async () => {
    const killed = join(folder, "killed.corpus");
    const crash = new Error("killed");
    let pieces = 0;
    const onProgress = () => {
      pieces += 1;
      if (pieces === 6) throw crash;
    };
    await expect(build(list, { path: killed, onProgress, saveEveryBytes: 1 })).rejects.toBe(crash);
    expect(await build(list, { path: killed })).toMatchObject({ hashes: MILLION, isResumed: true });
    const reopened = await openCorpus(killed);
    await reopened.verify();
    await reopened.close();
    await expect(build(list, { path: killed, onProgress, saveEveryBytes: 1 })).resolves.toBeDefined();
    const other = fresh();
    writeFileSync(other, `${"0".repeat(40)}:1\n`);
    expect(await build(other, { path: killed })).toMatchObject({ hashes: 1, isResumed: false });
  }, 120_000);
});

describe("input", () => {
  const A = `${"0".repeat(39)}A`;
  const B = "F".repeat(40);

  test.each([
    ["LF", `${A}:3\n${B}:4\n`],
    ["CRLF", `${A}:3\r\n${B}:4\r\n`],
    ["no end of line at the end", `${A}:3\r\n${B}:4`],
    ["lower case", `${A}:3\n${B}:4`.toLowerCase()],
    ["empty lines and padding rows", `\n${A}:3\n\r\n${"1".repeat(40)}:0\n${B}:4\n\n`],
  ])("%s is read", async (_, text) => {
    const corpus = await corpusOf(text);
    expect(corpus.hashes).toBe(2);
    expect(await corpus.countOf(Buffer.from(A, "hex"))).toBe(3);
    expect(await corpus.countOf(Buffer.from(B, "hex"))).toBe(4);
    await corpus.close();
  });

  it("without counts leaves them unknown", async () => {
    const corpus = await corpusOf(`${A}\n${B}\n`);
    expect(await corpus.countOf(Buffer.from(B, "hex"))).toBe(0);
    await corpus.close();
  });

  it("in range files is the same as in one list", async () => {
    const ranges = fresh();
    mkdirSync(ranges);
    writeFileSync(join(ranges, "00000"), `${A.slice(5)}:3\r\n`);
    writeFileSync(join(ranges, "21bd1.txt"), `${"0".repeat(35)}:5\r\n${"1".repeat(35)}:6`);
    writeFileSync(join(ranges, "FFFFF.txt"), `${B.slice(5)}:4`);
    writeFileSync(join(ranges, "notes.md"), "not a range");
    expect(openSource(ranges)).toMatchObject({ missing: 2 ** 20 - 3 });
    const path = fresh();
    await build(ranges, { path });
    const corpus = await openCorpus(path);
    expect(corpus.hashes).toBe(4);
    expect(await corpus.countOf(Buffer.from(`21BD1${"1".repeat(35)}`, "hex"))).toBe(6);
    const { lines } = rangeLines(await corpus.bucketOfPrefix(0x21bd1), 0x21bd1);
    expect(Buffer.from(lines).toString()).toBe(`${"0".repeat(35)}:5\r\n${"1".repeat(35)}:6`);
    await corpus.close();
    writeFileSync(join(ranges, "00000.txt"), "");
    expect(() => openSource(ranges)).toThrow("The range 00000 is in the folder twice.");
  });

  test.each([
    ["hashes out of order", `${B}:1\n${A}:1\n`, "Row 2 of .* is not behind the one before it"],
    ["a hash twice", `${A}:1\n${A}:1\n`, "Row 2 of .* is not behind the one before it"],
    ["no hash", `${A}:1\n<html>\n`, "Row 2 of .* is not a SHA-1 hash"],
    ["a hash cut off", `${A.slice(1)}:1\n`, "Row 1 of .* is not a SHA-1 hash"],
    ["a NTLM hash", `${"0".repeat(32)}:1\n`, "Row 1 of .* is not a SHA-1 hash"],
    ["a count that is none", `${A}:many\n`, "Row 1 of .* has a count that is no number"],
    ["nothing", "\n", "holds no hashes"],
  ])("%s is refused by file and row, and never repeated", async (_, text, message) => {
    const from = fresh();
    const path = fresh();
    writeFileSync(from, text);
    await expect(build(from, { path })).rejects.toThrow(new RegExp(message));
    expect(existsSync(path)).toBe(false);
  });

  it("of any bytes is refused or read, never half believed", async () => {
    const alphabet = fc.constantFrom(..."0Aa:1\r\n\u0000é");
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: alphabet, maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const from = fresh();
        writeFileSync(from, text);
        const outcome = await build(from).catch((error: unknown) => error);
        const isRead = /^(\r?\n)*[0-9a-f]{40}/im.test(text);
        if (!isRead) expect(outcome).toBeInstanceOf(Error);
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});

describe("damage", () => {
  async function small(): Promise<string> {
    const from = fresh();
    const path = `${fresh()}.corpus`;
    writeHashList(from, 500);
    await build(from, { path });
    return path;
  }

  function alter(path: string, at: number): void {
    const bytes = readFileSync(path);
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 0x10;
    writeFileSync(path, bytes);
  }

  test.each(["", ".tails"])("a file that is cut off or has bytes added is refused by its name (%s)", async (suffix) => {
    const path = await small();
    const file = `${path}${suffix}`;
    const name = file.slice(folder.length + 1).replaceAll(".", "\\.");
    truncateSync(file, statSync(file).size - 1);
    await expect(openCorpus(path)).rejects.toThrow(new RegExp(`${name} is cut off`));
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(2)]));
    await expect(openCorpus(path)).rejects.toThrow(new RegExp(`${name} has more`));
    truncateSync(file, 50);
    await expect(openCorpus(path)).rejects.toThrow(new RegExp(`${name} is not a breach corpus`));
  });

  test.each([
    [0, "is not a breach corpus"],
    [8, "has version \\d+ of the format"],
    [20, "has an altered header"],
    [-5, "has an altered directory"],
  ])("a byte altered at %i is refused when it is opened", async (at, message) => {
    const path = await small();
    alter(path, at);
    await expect(openCorpus(path)).rejects.toThrow(new RegExp(message));
  });

  it("altered records are refused when they are read, by the file's name", async () => {
    for (const suffix of ["", ".tails"]) {
      const path = await small();
      alter(`${path}${suffix}`, HEADER_BYTES + 3);
      const corpus = await openCorpus(path);
      await expect(corpus.countOf(hashAt(0, 500))).rejects.toThrow(/corpus(\.tails)? is altered/);
      await expect(corpus.verify()).rejects.toThrow(/is altered/);
      expect(await corpus.countOf(hashAt(400, 500))).toBeDefined();
      await corpus.close();
    }
  });

  it("tails of another build, and files in each other's place, are refused", async () => {
    const [one, other] = [await small(), await small()];
    writeFileSync(`${one}.tails`, readFileSync(`${other}.tails`));
    await expect(openCorpus(one)).rejects.toThrow(/different builds/);
    writeFileSync(one, readFileSync(`${other}.tails`));
    await expect(openCorpus(one)).rejects.toThrow(/is not the file that it should be/);
  });
});

describe("without tails", () => {
  it("look-ups compare 64 bits, and there is no range", async () => {
    const corpus = await corpusOf(`${"AB".repeat(20)}:9\n`, { hasTails: false });
    expect(corpus.hasTails).toBe(false);
    expect(await corpus.countOf(Buffer.from("AB".repeat(20), "hex"))).toBe(9);
    expect(await corpus.countOf(Buffer.from(`${"AB".repeat(8)}${"00".repeat(12)}`, "hex"))).toBe(9);
    expect(await corpus.countOf(Buffer.from(`${"AB".repeat(7)}${"00".repeat(13)}`, "hex"))).toBeUndefined();
    const bucket = await corpus.bucketOfPrefix(0xababa);
    expect(() => rangeLines(bucket, 0xababa)).toThrow();
    await corpus.close();
  });
});

test("a count's code stands for at most the count, and at least 91 % of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900_000_000 }), (count) => {
      const stands = fromCountCode(toCountCode(count));
      expect(stands).toBeLessThanOrEqual(count);
      expect(stands).toBeGreaterThanOrEqual(count < 64 ? count : count * 0.91);
    }),
  );
  for (let code = 1; code <= 255; code += 1) expect(toCountCode(fromCountCode(code))).toBe(code);
});
