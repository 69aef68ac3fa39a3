import { afterAll, beforeAll, expect, test } from "vitest";
import { fromBase32, toBase32, toBase64url, toHex, toUtf8 } from "../../src/domain/encoding.ts";
import { dumpDatabase, tableNames } from "../support/dump.ts";
import { enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import { type Answer, type Json, startService, type TestRelyingParty, type TestService } from "../support/service.ts";

/** Identifiers of people, as relying parties send them. */
const REFERENCES = ["ada.lovelace@canary.example", "+4915112345678", "canary-user-name"];
const ACCOUNT_NAME = "ada-canary-account";
const PASSWORD = "Canary-Password-42!";

let service: TestService;
/** Everything that must be found nowhere, by what it is. */
const canaries: (readonly [kind: string, secret: string])[] = [];
const answers: Answer[] = [];

beforeAll(async () => {
  service = await startService();
  const rp = await service.addRelyingParty();
  canaries.push(["API key", rp.apiKey], ["password", PASSWORD], ["account name", ACCOUNT_NAME]);
  for (const reference of REFERENCES) {
    canaries.push(["reference", reference]);
    await live(rp, reference);
  }
  await service.deps.store.committed();
});
afterAll(() => service.close());

/** What a subject may go through, in one life. */
async function live(rp: TestRelyingParty, subject: string): Promise<void> {
  const post = async (path: string, body: Json, headers?: Record<string, string>): Promise<Answer> => {
    const answer = await rp.post(path, body, headers);
    answers.push(answer);
    return answer;
  };
  const noted = { ...rp, post: (path: string, body: unknown) => post(path, body as Json) };
  await rp.post("/v1/enrolments", { subject, method: "totp", account_name: ACCOUNT_NAME });
  const totp = await enrolTotp(service, rp, subject);
  canaries.push(["TOTP secret", totp.secret]);
  for (const code of totp.recoveryCodes)
    canaries.push(["recovery code", code], ["recovery code", code.replaceAll("-", "")]);
  const remembered = await post("/v1/verify", { subject, totp: totp.code(), remember_device: true, receipt: true });
  canaries.push(["device token", textIn(remembered, "device").slice(-43)]);
  const device = textIn(remembered, "device");
  const rotated = await post("/v1/verify", { subject, totp: totp.next(), device, source_ip: "203.0.113.77" });
  canaries.push(["device token", textIn(rotated, "device").slice(-43)], ["address", "203.0.113.77"]);
  const proof = await prove(noted, subject, { totp: totp.next() });
  const passkey = await enrolPasskey(service, rp, subject, { proof });
  const opened = await openChallenge(noted, subject);
  await post("/v1/verify", { challenge: opened.body.challenge, webauthn: passkey.answer(opened) });
  const key = { "idempotency-key": "canary-idempotency-key" };
  await post("/v1/verify", { subject, recovery_code: totp.recoveryCodes[0] }, key);
  await post("/v1/verify", { subject, recovery_code: totp.recoveryCodes[0] }, key);
  await post("/v1/verify", { subject, recovery_code: `${totp.recoveryCodes[1]?.slice(0, -1)}u` });
  await post("/v1/verify", { subject, totp: totp.wrong(), extra: PASSWORD });
  await post("/v1/verify", { subject, totp: [totp.code()] });
  await post("/v1/challenges", { subject, acr: "phrh" });
  await post("/v1/authenticators/list", { subject });
  await post("/v1/subjects/status", { subject });
  await post("/v1/passwords/assess", { password: PASSWORD, context: [subject] });
  const link = await rp.post("/v1/links", { page: "account", subject, account_name: ACCOUNT_NAME });
  canaries.push(["link token", textIn(link, "url").slice(-43)], ["idempotency key", key["idempotency-key"]]);
  await post("/v1/events/list", {});
}

/** A secret in every spelling that a dump could hold. */
function spellings(secret: string): readonly string[] {
  const bytes = toUtf8(secret);
  const raw = fromBase32(secret);
  const encoded = [bytes, ...(raw === undefined ? [] : [raw])].flatMap((value) => [
    toHex(value),
    toHex(value).toUpperCase(),
    toBase64url(value),
    Buffer.from(value).toString("base64"),
    toBase32(value),
  ]);
  // Text inside longer text shifts the groups of base64: its middle is found at any of three offsets.
  const shifted = [0, 1, 2].map((offset) =>
    Buffer.from("x".repeat(offset) + secret)
      .toString("base64")
      .slice(4, -4),
  );
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...encoded, ...shifted].filter(
    (text) => text.length >= 8,
  );
}

function findIn(haystack: string | Buffer): readonly string[] {
  return canaries.flatMap(([kind, secret]) =>
    spellings(secret)
      .filter((spelling) => haystack.includes(spelling))
      .map((spelling) => `${kind} ${spelling}`),
  );
}

test("the search would find what it looks for", () => {
  for (const [, secret] of canaries) {
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
  expect(answers.length).toBeGreaterThan(30);
  const texts = answers.map(({ headers, text }) => `${text} ${[...headers]}`).join("\n");
  const found = findIn(texts).filter((what) => !what.startsWith("device token"));
  expect(found).toEqual([]);
});

test("a TOTP secret is shown at its enrolment only: no route gives it again", () => {
  const texts = answers.map(({ text }) => text).join("\n");
  expect(texts).not.toMatch(/otpauth:|"secret"|"public_key"|"last_step"|"user_handle"/);
});
