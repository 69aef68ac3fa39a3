import { afterAll, beforeAll, expect, test } from "vitest";
import { searchFor } from "../../src/cli/dump-audit/search.ts";
import { toBase64url, toUtf8 } from "../../src/domain/encoding.ts";
import { type Canaries, liveAll, REFERENCES } from "../support/canary-life.ts";
import { dumpDatabase, tableNames } from "../support/dump.ts";
import { startService, type TestService } from "../support/service.ts";

let service: TestService;
let canaries: Canaries;

beforeAll(async () => {
  service = await startService();
  canaries = await liveAll(service, await service.addRelyingParty());
});
afterAll(() => service.close());

/** What is found of all that must be found nowhere. */
function findIn(haystack: string | Buffer): readonly string[] {
  const sought = [...REFERENCES, ...canaries.secrets];
  return searchFor(sought)
    .hitsIn(Buffer.from(haystack))
    .map(({ text, as }) => `${sought[text]} ${as}`);
}

test("the search would find what it looks for", () => {
  for (const secret of [...REFERENCES, ...canaries.secrets]) {
    expect(findIn(`before ${secret} after`).length).toBeGreaterThan(0);
    expect(findIn(Buffer.from(JSON.stringify({ wrapped: toBase64url(toUtf8(secret)) })))).not.toEqual([]);
  }
});

test("no row of any table holds an identifier, code, secret, key, password or address, in any spelling", () => {
  const { rows } = dumpDatabase(service.config.databasePath);
  expect(tableNames(service.config.databasePath).length).toBeGreaterThan(15);
  expect(rows.length).toBeGreaterThan(10_000);
  expect(findIn(rows)).toEqual([]);
});

test("no byte of the database file and its write-ahead log does", () => {
  const { bytes } = dumpDatabase(service.config.databasePath);
  expect(bytes.length).toBeGreaterThan(100_000);
  expect(findIn(bytes)).toEqual([]);
});

test("no log line does, and nothing of all this was a fault", () => {
  expect(service.log).toEqual([]);
});

test("no answer after the enrolment repeats what a subject is called or holds", () => {
  expect(canaries.answers.length).toBeGreaterThan(30);
  const texts = canaries.answers.map(({ headers, text }) => `${text} ${[...headers]}`);
  // A device token is given to be kept.
  const told = texts.map((text) => text.replaceAll(/"device":"[^"]*"/g, "")).join("\n");
  expect(findIn(told)).toEqual([]);
});

test("a TOTP secret is shown at its enrolment only: no route gives it again", () => {
  const texts = canaries.answers.map(({ text }) => text).join("\n");
  expect(texts).not.toMatch(/otpauth:|"secret"|"public_key"|"last_step"|"user_handle"/);
});
