import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { EXIT, RefusedError } from "../../src/cli/command.ts";
import { searchFor } from "../../src/cli/dump-audit/search.ts";
import { spellingsOf } from "../../src/cli/dump-audit/spellings.ts";
import { dumpAudit } from "../../src/cli/dump-audit.ts";
import { toBase32 } from "../../src/domain/encoding.ts";
import { type Canaries, liveAll, REFERENCES } from "../support/canary-life.ts";
import { startService, type TestService } from "../support/service.ts";

let service: TestService;
let canaries: Canaries;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "countersign-lists-"));
  service = await startService();
  canaries = await liveAll(service, await service.addRelyingParty());
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

function list(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

type Found = Readonly<{ line: string; as: string; place: string; times: number }>;
type Report = Readonly<{ clean: boolean; sought: number; rows: number; bytes: number; found: readonly Found[] }>;

async function audit(values: Record<string, string>, settings: Record<string, string> = {}) {
  const printed: string[] = [];
  const warned: string[] = [];
  const env = { COUNTERSIGN_DATA_DIR: service.config.dataDir, ...settings };
  const terminal = { print: (line: string) => printed.push(line), warn: (line: string) => warned.push(line) };
  const code = await dumpAudit.run({ values: { ...values, json: true }, positionals: [], env, ...terminal });
  const report: Report = JSON.parse(printed.join("\n"));
  return { code, warned, ...report };
}

/** A database of its own, with one value in it. */
function databaseWith(value: string | Buffer, name = "planted.db"): string {
  const path = join(folder, name);
  const client = new BetterSqlite(path);
  client.exec("create table kept (what)");
  client.prepare("insert into kept values (?)").run(value);
  client.close();
  return path;
}

describe("countersign dump-audit", () => {
  test("finds none of the people and secrets that went through the API, while the service runs", async () => {
    const { code, rows, bytes, found, sought } = await audit({
      subjects: list("subjects", REFERENCES),
      secrets: list("secrets", canaries.secrets),
    });
    expect(found).toEqual([]);
    expect(code).toBe(EXIT.ok);
    expect(sought).toBe(REFERENCES.length + canaries.secrets.length);
    expect(rows).toBeGreaterThan(100);
    expect(bytes).toBeGreaterThan(100_000);
  });

  test("finds what the service does keep, in its rows and in the bytes of its files", async () => {
    const { code, found } = await audit({ subjects: list("subjects", ["unheard-of", "http://localhost:8787"]) });
    expect(code).toBe(EXIT.failed);
    expect(found.map(({ place }) => place)).toEqual(expect.arrayContaining(["realms.origins"]));
    expect(found.some(({ place }) => place.startsWith("bytes of countersign.db"))).toBe(true);
    expect(found.every(({ line }) => line === "subjects line 2")).toBe(true);
  });

  const reference = "Grace.Hopper@Canary.example";
  const secret = toBase32(Buffer.from("fbff3e9a7c15d0e2fbef8a41c6ffbe0b93d7fe52", "hex"));
  const planted = [reference, secret].flatMap((text) =>
    spellingsOf(text).map(({ as, bytes }) => [as, text, bytes] as const),
  );

  test("finds a planted value in every spelling, and says how it is spelled and where", async () => {
    const spelled = new Set(planted.map(([as]) => as));
    for (const needed of ["clear", "UTF-16", "hex", "base32", "base64", "its bytes in base64url", "SHA-1", "SHA-256"])
      expect(spelled).toContain(needed);
    expect(spelled.size).toBeGreaterThan(20);
    for (const [index, [as, text, bytes]] of planted.entries()) {
      const database = databaseWith(Buffer.concat([randomBytes(9), bytes, randomBytes(9)]), `planted-${index}.db`);
      const { code, found } = await audit({ subjects: list("subjects", ["nobody@canary.example", text]), database });
      expect(code, as).toBe(EXIT.failed);
      expect(found).toContainEqual({ line: "subjects line 2", as, place: "kept.what", times: expect.any(Number) });
      rmSync(database);
    }
  });

  // Worked out by other programs: sha256sum, sha1sum, openssl, base32, base64, xxd and iconv.
  test.each([
    ["SHA-256 in hex", "74f38d9328e8d4dc3040214da664a541c99f7ebd043a624d2ea18e809b38ab8b"],
    ["SHA-1 in hex", "2783045C30B71714103B38BEA6FDD6CF795CBD75"],
    ["SHA-256 in base64", "u6qyUDkIHa+vaK3nDeV7AkRipCF7pIOYNZVk6NSpeR8="],
    ["SHA-256 in base64url", "u6qyUDkIHa-vaK3nDeV7Ag"],
    ["base32", "I5ZGCY3FFZEG64DQMVZEAQ3BNZQXE6JOMV4GC3LQNRSQ===="],
    ["hex", "47726163652e486f707065724043616e6172792e6578616d706c65"],
    ["base64", "YWJHcmFjZS5Ib3BwZXJAQ2FuYXJ5LmV4YW1wbGU="],
    [
      "UTF-16",
      Buffer.from(
        "00470072006100630065002e0048006f0070007000650072004000430061006e006100720079002e006500780061006d0070006c0065",
        "hex",
      ),
    ],
    ["percent-encoded", "https://shop.example/?for=Grace.Hopper%40Canary.example"],
    ["clear", "mailto:GRACE.HOPPER@CANARY.EXAMPLE"],
  ])("finds a value as another program writes it: %s", (as, text) => {
    const found = searchFor([reference]).hitsIn(Buffer.from(text));
    expect(found.map((hit) => hit.as)).toContain(as);
  });

  test("finds a value that the end of a page cuts in two, and one in the write-ahead log alone", async () => {
    const database = databaseWith(`${"x".repeat(4_080)}${reference}${"x".repeat(9_000)}`, "long.db");
    const subjects = list("subjects", [reference]);
    expect((await audit({ subjects, database })).found.map(({ place }) => place)).toContain("kept.what");
    const other = databaseWith("nothing", "other.db");
    const client = new BetterSqlite(other);
    client.pragma("journal_mode = WAL");
    client.exec(`delete from kept; insert into kept values ('${reference}'); delete from kept;`);
    const { found } = await audit({ subjects, database: other });
    client.close();
    expect(found.map(({ place }) => place)).toEqual(["bytes of other.db-wal"]);
  });

  test("reads a file that is no SQLite database as bytes", async () => {
    const database = list("dump.sql", ["COPY subjects FROM stdin;", `1\t${reference.toLowerCase()}`]);
    const { code, found, rows } = await audit({ subjects: list("subjects", [reference]), database });
    expect([code, rows, found.map(({ place }) => place)]).toEqual([EXIT.failed, 0, ["bytes of dump.sql"]]);
  });

  test("prints no text that it looked for, changes nothing and leaves no copy behind", async () => {
    const database = databaseWith(reference, "kept.db");
    const before = readdirSync(folder);
    const temporary = mkdtempSync(join(tmpdir(), "countersign-temporary-"));
    vi.stubEnv("TMPDIR", temporary);
    const printed: string[] = [];
    const print = (line: string) => printed.push(line);
    const values = { subjects: list("subjects", [reference, "ada"]), database };
    await dumpAudit.run({ values, positionals: [], env: {}, print, warn: print });
    vi.unstubAllEnvs();
    expect(printed.join("\n").toLowerCase()).not.toContain(reference.toLowerCase());
    expect(printed[0]).toBe("Too short to be told from chance, and not searched: subjects line 2");
    expect(printed.at(-1)).toMatch(/^FOUND in 1 texts, \d+ rows, \d+ bytes\.$/);
    expect(readdirSync(folder)).toEqual(before);
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
  });

  test("refuses rather than find nothing for want of looking: empty lists, short texts, no database, a server", async () => {
    const subjects = list("subjects", [reference]);
    const database = join(folder, "nowhere.db");
    await expect(audit({ subjects, database })).rejects.toThrow(RefusedError);
    await expect(audit({ subjects: join(folder, "no-list") })).rejects.toThrow(RefusedError);
    await expect(audit({ subjects: list("empty", []) })).rejects.toThrow(RefusedError);
    await expect(audit({ subjects: list("short", ["ada", "bob"]) })).rejects.toThrow(RefusedError);
    writeFileSync(join(folder, "empty.sql"), "");
    await expect(audit({ subjects, database: join(folder, "empty.sql") })).rejects.toThrow(RefusedError);
    const server = { COUNTERSIGN_DATABASE_URL: "postgres://127.0.0.1/countersign" };
    await expect(audit({ subjects }, server)).rejects.toThrow(/pg_dump/);
    expect(existsSync(database)).toBe(false);
  });
});

test("the search meets a text wherever it stands, also across the pieces of a file", () => {
  const search = searchFor(["needle-in-a-haystack"]);
  const whole = Buffer.from(`${"x".repeat(100)}NEEDLE-in-a-haystack${"x".repeat(100)}`);
  expect(search.hitsIn(whole)).toEqual([{ text: 0, as: "clear" }]);
  for (let cut = 100; cut < 120; cut++) {
    const pieces = [whole.subarray(0, cut), whole.subarray(Math.max(0, cut - search.overlap))];
    expect(pieces.flatMap((piece) => search.hitsIn(piece)).length, String(cut)).toBeGreaterThan(0);
  }
});

describe("the log of every service in these tests", () => {
  test("is searched at its end for what went over the API in confidence", async () => {
    const leaky = await startService();
    const rp = await leaky.addRelyingParty();
    await rp.post("/v1/verify", { subject: "linus@canary.example", totp: "918273" });
    leaky.deps.logger.info("noted", { what: Buffer.from("linus@canary.example").toString("base64") });
    await expect(leaky.close()).rejects.toThrow(/the log tells what it must not/);
  });
});
