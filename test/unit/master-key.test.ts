import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  formatMasterKeyFile,
  newMasterKey,
  parseMasterKeyFile,
  parseMasterKeyText,
} from "../../src/crypto/master-key.ts";
import { ConfigError } from "../../src/domain/config-error.ts";
import { toBase64url } from "../../src/domain/encoding.ts";
import { loadMasterKeys, readMasterKeys, writeMasterKeys } from "../../src/runtime/master-key.ts";

const KEY = toBase64url(new Uint8Array(32).fill(0xfb));
const OTHER = toBase64url(new Uint8Array(32).fill(2));
let dataDir: string;
let file: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "countersign-"));
  file = join(dataDir, "master.key");
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function problemOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

function givenFile(text: string, mode = 0o600): void {
  writeFileSync(file, text);
  chmodSync(file, mode);
}

describe("the first start", () => {
  test("makes a key that only its owner can read, and later starts use the same one", () => {
    const first = loadMasterKeys({ dataDir: join(dataDir, "new", "data") });
    const again = loadMasterKeys({ dataDir: join(dataDir, "new", "data") });
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.keys).toEqual(first.keys);
    expect(first.keys.primary.bytes).toHaveLength(32);
    expect(modeOf(first.file ?? "")).toBe("600");
    expect(modeOf(join(dataDir, "new", "data"))).toBe("700");
  });

  test("leaves nothing but the key file behind", () => {
    loadMasterKeys({ dataDir });
    loadMasterKeys({ dataDir });
    expect(readdirSync(dataDir)).toEqual(["master.key"]);
  });

  test("of four processes at once gives one key to all of them", async () => {
    const module = new URL("../../src/runtime/master-key.ts", import.meta.url).href;
    const script = `const { loadMasterKeys } = await import(${JSON.stringify(module)});
      const { keys, created } = loadMasterKeys({ dataDir: ${JSON.stringify(dataDir)} });
      console.log(JSON.stringify([keys.primary.id, created]));`;
    const start = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    const printed = await Promise.all([start(), start(), start(), start()]);
    const results: unknown[][] = printed.map(({ stdout }) => JSON.parse(stdout));
    expect(new Set(results.map(([id]) => id)).size).toBe(1);
    expect(results.filter(([, created]) => created)).toHaveLength(1);
  });
});

describe("the key file", () => {
  test.each([0o640, 0o604, 0o660, 0o644, 0o620])("is refused with permissions %o", (mode) => {
    givenFile(`k1 ${KEY}\n`, mode);
    expect(problemOf(() => loadMasterKeys({ dataDir }))).toBe(
      `The master key file ${file} is open to other users: run chmod 600 on it.`,
    );
  });

  test("may be read-only for its owner", () => {
    givenFile(`k1 ${KEY}\n`, 0o400);
    expect(loadMasterKeys({ dataDir }).keys.primary.id).toBe("k1");
  });

  test("holds one key a line, the primary first", () => {
    givenFile(`# made by hand\n\nk2 ${KEY}\r\nk1 ${OTHER}\n`);
    const { keys } = loadMasterKeys({ dataDir });
    expect([keys.primary.id, ...keys.others.map(({ id }) => id)]).toEqual(["k2", "k1"]);
    expect(toBase64url(keys.primary.bytes)).toBe(KEY);
  });

  test.each([
    ["empty", "", "there is no key in it"],
    ["a key cut short", `k1 ${KEY.slice(0, 40)}`, "entry 1 is not a key of 32 bytes in base64url"],
    ["a second line of nonsense", `k1 ${KEY}\nhello`, "entry 2 is not a key of 32 bytes in base64url"],
    ["an id with a dot", `k.1 ${KEY}`, "entry 1 is not a key of 32 bytes in base64url"],
    ["an id twice", `k1 ${KEY}\nk1 ${OTHER}`, "entry 2 repeats a key id"],
  ])("with %s is refused in one sentence without key material", (_name, text, problem) => {
    givenFile(text);
    expect(problemOf(() => loadMasterKeys({ dataDir }))).toBe(`The master key file ${file} is malformed: ${problem}.`);
  });

  test("that was named and is missing is a mistake, and is not created", () => {
    const named = join(dataDir, "elsewhere.key");
    expect(problemOf(() => loadMasterKeys({ dataDir, envFile: named }))).toBe(
      `The master key file ${named} cannot be read (ENOENT).`,
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test("cannot be a folder", () => {
    expect(problemOf(() => loadMasterKeys({ dataDir, envFile: dataDir }))).toBe(
      `The master key file ${dataDir} cannot be read (EISDIR).`,
    );
  });
});

describe("rotation", () => {
  test("replaces the file at once, keeps it private and leaves no draft", () => {
    const { keys } = loadMasterKeys({ dataDir });
    const next = { primary: newMasterKey(), others: [keys.primary] };
    writeMasterKeys(file, next);
    expect(readMasterKeys(file)).toEqual(next);
    expect(modeOf(file)).toBe("600");
    expect(readdirSync(dataDir)).toEqual(["master.key"]);
  });

  test("that cannot replace the file leaves no draft with keys behind", () => {
    expect(() => writeMasterKeys(dataDir, { primary: newMasterKey(), others: [] })).toThrow();
    expect(readdirSync(join(dataDir, "..")).filter((name) => name.startsWith(`${dataDir.split("/").at(-1)}.`))).toEqual(
      [],
    );
  });
});

describe("the environment", () => {
  test("holds a bare key, whose id is its fingerprint, or several with their ids, the primary first", () => {
    const bare = loadMasterKeys({ dataDir, envKey: KEY });
    expect(bare.keys.primary.id).toMatch(/^k[0-9a-f]{12}$/);
    expect(loadMasterKeys({ dataDir, envKey: KEY }).keys).toEqual(bare.keys);
    expect(bare.file).toBeUndefined();
    const several = loadMasterKeys({ dataDir, envKey: `new:${KEY}, ${OTHER}` }).keys;
    expect(several.primary.id).toBe("new");
    expect(several.others).toHaveLength(1);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test("takes what `openssl rand -base64 32` prints", () => {
    const base64 = Buffer.alloc(32, 0xfb).toString("base64");
    expect(base64).toMatch(/[+/].*=$/);
    expect(toBase64url(loadMasterKeys({ dataDir, envKey: base64 }).keys.primary.bytes)).toBe(KEY);
  });

  test.each(["", "k1:", `:${KEY}`, `${KEY},`, "password", `k1:${KEY},k1:${OTHER}`, `${KEY}A`])(
    "%j is refused without repeating it",
    (envKey) => {
      const problem = problemOf(() => loadMasterKeys({ dataDir, envKey }));
      expect(problem).toMatch(
        /^COUNTERSIGN_MASTER_KEY is malformed: entry [12] (is not a key of 32 bytes in base64url|repeats a key id)\.$/,
      );
    },
  );

  test("may not name both a key and a file", () => {
    expect(problemOf(() => loadMasterKeys({ dataDir, envKey: KEY, envFile: file }))).toBe(
      "Set either COUNTERSIGN_MASTER_KEY or COUNTERSIGN_MASTER_KEY_FILE, not both.",
    );
  });
});

test("any text is read or refused, never thrown at, and what is written reads back", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^([a-z0-9]{0,3}[: ])?[A-Za-z0-9_+/=-]{41,45}[,\n]?$/),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      for (const parsed of [parseMasterKeyText(text), parseMasterKeyFile(text)]) {
        if (parsed.ok) expect(parseMasterKeyFile(formatMasterKeyFile(parsed.keys))).toEqual(parsed);
        else expect(parsed.problem).toMatch(/^[a-z0-9 ]+$/);
      }
    }),
  );
});
