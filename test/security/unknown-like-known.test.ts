import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toBase32 } from "../../src/domain/encoding.ts";
import { enrolPasskey, enrolTotp, openChallenge, prove, requestOptionsIn, totpApp } from "../support/enrol.ts";
import { type Answer, type Json, startService, type TestRelyingParty, type TestService } from "../support/service.ts";
import { createAuthenticator } from "../support/virtual-authenticator.ts";
import { watchStore } from "../support/watch-store.ts";

/** What a subject can be, from never heard of to locked in every way that an outsider can bring about. */
const STATES = ["unknown", "erased", "unfinished", "totp", "passkey", "several", "many", "waiting"] as const;
type State = (typeof STATES)[number];

let service: TestService;
let rp: TestRelyingParty;
const calls: string[] = [];

beforeAll(async () => {
  service = await startService({ wrap: (deps) => watchStore(deps, calls) });
  rp = await service.addRelyingParty();
  await rp.post("/v1/enrolments", { subject: "unfinished", method: "totp" });
  await enrolTotp(service, rp, "erased");
  await rp.post("/v1/subjects/delete", { subject: "erased", reason: "test" });
  await enrolTotp(service, rp, "totp");
  await enrolPasskey(service, rp, "passkey");
  await enrolSeveral("several", 1);
  await enrolSeveral("many", 4);
  await enrolTotp(service, rp, "waiting");
  for (let guess = 0; guess < 5; guess++) await rp.post("/v1/verify", { subject: "waiting", totp: "00000" });
  // A process reads the realm's budget for a lane once, whoever comes first.
  await rp.post("/v1/verify", { subject: "the first", totp: "00000", first_factor: true });
});
afterAll(() => service.close());

async function enrolSeveral(subject: string, passkeys: number): Promise<void> {
  const totp = await enrolTotp(service, rp, subject);
  const first = await enrolPasskey(service, rp, subject, { proof: await prove(rp, subject, { totp: totp.code() }) });
  for (let more = 1; more < passkeys; more++) {
    const proof = await prove(rp, subject, (opened) => ({ webauthn: first.answer(opened) }));
    await enrolPasskey(service, rp, subject, { proof });
  }
}

type Seen = Readonly<{ answer: string; calls: readonly string[] }>;

/** The whole of an answer with only its request id masked, and what it took to find it. */
async function seen(ask: () => Promise<Answer>): Promise<Seen> {
  calls.length = 0;
  const { headers, status, text } = await ask();
  const answer = JSON.stringify({ status, headers: [...headers], text }).replaceAll(/req_[0-9a-z]{26}/g, "req_");
  return { answer, calls: calls.filter((call) => call !== "apiKeys.noteUse") };
}

/** Everything but the states that show what an attacker did: the wait that he brought about. */
const UNLOCKED = STATES.filter((state) => state !== "waiting");

const WRONG: readonly (readonly [string, Json])[] = [
  ["a wrong code", { totp: "123456" }],
  ["a malformed code", { totp: "12345" }],
  ["a wrong recovery code", { recovery_code: "0000-0000-0000-0000-0000-0000" }],
  ["a malformed recovery code", { recovery_code: "nonsense" }],
];

describe.each(WRONG)("%s", (_, answer) => {
  test.each(["open", "proven"])(
    "has one answer byte for byte, by one path through the store, in the lane %s",
    async (lane) => {
      const terms = { ...answer, first_factor: lane === "proven" };
      const all = [];
      for (const subject of UNLOCKED) all.push(await seen(() => rp.post("/v1/verify", { subject, ...terms })));
      expect(new Set(all.map((one) => one.answer)).size, all.map((one) => one.answer).join("\n")).toBe(1);
      expect(new Set(all.map((one) => one.calls.join(" "))).size).toBe(1);
    },
  );

  test("has one answer byte for byte, by one path, to an opened challenge", async () => {
    const all = [];
    for (const subject of UNLOCKED) {
      const { challenge } = (await openChallenge(rp, subject, { lane: { first_factor: true } })).body;
      all.push(await seen(() => rp.post("/v1/verify", { challenge, ...answer })));
    }
    expect(new Set(all.map((one) => one.answer)).size).toBe(1);
    expect(new Set(all.map((one) => one.calls.join(" "))).size).toBe(1);
  });
});

test("even the code of the decoy is refused, by the path of any wrong code", async () => {
  const { keyring } = service.deps;
  const decoy = totpApp(service, toBase32(keyring.mac("decoy", "totp").subarray(0, 20)));
  const wrong = await seen(() => rp.post("/v1/verify", { subject: "decoy-1", totp: decoy.wrong() }));
  const right = await seen(() => rp.post("/v1/verify", { subject: "decoy-1", totp: decoy.code() }));
  expect(right).toEqual(wrong);
});

test("a wrong passkey has one answer byte for byte, by one path, whoever was asked", async () => {
  const origin = service.config.publicUrl;
  const stranger = createAuthenticator({ rpId: "localhost", origin });
  const started = await rp.post("/v1/enrolments", { subject: "stranger", method: "webauthn" });
  stranger.register(JSON.parse(started.text).webauthn.options);
  const all = [];
  for (const subject of STATES) {
    const opened = await openChallenge(rp, subject);
    const options = opened.body.webauthn === undefined ? { challenge: "AAAA" } : requestOptionsIn(opened);
    const webauthn = stranger.authenticate({ ...options, rpId: "localhost", allowCredentials: [] });
    all.push(await seen(() => rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn })));
  }
  expect(new Set(all.map((one) => one.answer)).size).toBe(1);
  expect(new Set(all.map((one) => one.calls.join(" "))).size).toBe(1);
});

test("subjects that do and do not exist are locked alike, by one path", async () => {
  await enrolTotp(service, rp, "locked-known");
  const all = [];
  for (const subject of ["locked-known", "locked-unknown"]) {
    for (let guess = 0; guess < 5; guess++) await rp.post("/v1/verify", { subject, totp: "00000" });
    all.push(await seen(() => rp.post("/v1/verify", { subject, totp: "123456" })));
  }
  expect(all[1]).toEqual(all[0]);
  expect(all[0]?.answer).toContain("subject_locked");
});

describe("a challenge", () => {
  test.each(STATES)("for a subject in the state %s has the members of any other, by the same path", async (state) => {
    await openChallenge(rp, "unknown");
    const expected = (await seen(() => rp.post("/v1/challenges", { subject: "unknown" }))).calls;
    let opened: Answer | undefined;
    const { calls: taken } = await seen(async () => {
      opened = await rp.post("/v1/challenges", { subject: state });
      return opened;
    });
    expect(taken).toEqual(expected);
    if (opened === undefined) throw new Error("nothing was opened");
    const methods = JSON.parse(opened.text).methods;
    const members = ["challenge", "subject_id", "methods", "expires_at"];
    expect(Object.keys(opened.body)).toEqual(methods.includes("webauthn") ? [...members, "webauthn"] : members);
    expect([
      ["totp", "recovery_code"],
      ["webauthn", "recovery_code"],
      ["webauthn", "totp", "recovery_code"],
    ]).toContainEqual(methods);
  });

  test("for a stranger is the same each time but for what is fresh, and differs between strangers", async () => {
    const shapes = new Map<string, Set<string>>();
    for (let index = 0; index < 60; index++) {
      const subject = `stranger-${index % 20}`;
      const opened = await openChallenge(rp, subject);
      const { challenge: _, expires_at: __, webauthn, ...rest } = JSON.parse(opened.text);
      const shape = JSON.stringify({ ...rest, credentials: webauthn?.options.allowCredentials });
      shapes.set(subject, (shapes.get(subject) ?? new Set()).add(shape));
    }
    for (const [subject, seenShapes] of shapes) expect(seenShapes.size, subject).toBe(1);
    expect(new Set([...shapes.values()].flatMap((set) => [...set])).size).toBe(20);
  });

  test("for a stranger stays the same when something is started and dropped for them", async () => {
    const credentials = async () =>
      JSON.parse((await openChallenge(rp, "unknown-3")).text).webauthn?.options.allowCredentials;
    const before = JSON.stringify(await credentials());
    await rp.post("/v1/verify", { subject: "unknown-3", totp: "123456" });
    await rp.post("/v1/links", { page: "account", subject: "unknown-3" });
    await rp.post("/v1/subjects/delete", { subject: "unknown-3", reason: "test" });
    expect(JSON.stringify(await credentials())).toBe(before);
  });

  test("for strangers names methods and credentials as real ones have them", async () => {
    const methods = new Map<string, number>();
    const lengths = new Set<number>();
    const ids: string[] = [];
    for (let index = 0; index < 200; index++) {
      const { methods: offered, webauthn } = JSON.parse((await openChallenge(rp, `decoy-${index}`)).text);
      methods.set(String(offered), (methods.get(String(offered)) ?? 0) + 1);
      for (const { id, type, transports } of webauthn?.options.allowCredentials ?? []) {
        ids.push(id);
        lengths.add(Buffer.from(id, "base64url").length);
        expect([type, JSON.stringify(transports)]).toEqual(["public-key", expect.stringMatching(/internal|usb/)]);
      }
    }
    expect([...methods.keys()].sort()).toEqual([
      "totp,recovery_code",
      "webauthn,recovery_code",
      "webauthn,totp,recovery_code",
    ]);
    expect(Math.min(...methods.values())).toBeGreaterThan(20);
    expect([...lengths].sort()).toEqual([20, 32, 64]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test("an account link and a regeneration without proof answer alike for every state", async () => {
  const proof = `ch_${"0".repeat(26)}`;
  for (const [path, body] of [
    ["/v1/recovery-codes/regenerate", { proof }],
    ["/v1/authenticators/revoke", { proof, authenticator: `au_${"0".repeat(26)}` }],
    ["/v1/authenticators/rename", { label: "x", authenticator: `au_${"0".repeat(26)}` }],
    ["/v1/subjects/delete", { proof }],
  ] as const) {
    const all = [];
    for (const subject of STATES) all.push(await seen(() => rp.post(path, { subject, ...body })));
    expect(new Set(all.map((one) => one.answer)).size, path).toBe(1);
    expect(new Set(all.map((one) => one.calls.join(" "))).size, path).toBe(1);
  }
  const links = [];
  for (const subject of STATES) links.push(await seen(() => rp.post("/v1/links", { page: "account", subject })));
  const masked = links.map(({ answer }) => answer.replaceAll(/enter\/[\w-]{43}/g, "enter/"));
  expect(new Set(masked).size).toBe(1);
  expect(new Set(links.map((one) => one.calls.join(" "))).size).toBe(1);
});

test("the states are what they are called", async () => {
  const states: Record<string, unknown> = {};
  for (const subject of STATES) states[subject] = (await rp.post("/v1/subjects/status", { subject })).body.methods;
  expect(states satisfies Partial<Record<State, unknown>>).toEqual({
    unknown: [],
    erased: [],
    unfinished: [],
    totp: ["totp", "recovery_code"],
    passkey: ["webauthn", "recovery_code"],
    several: ["totp", "webauthn", "recovery_code"],
    many: ["totp", "webauthn", "recovery_code"],
    waiting: ["totp", "recovery_code"],
  });
});
