import { describe, expect, test } from "vitest";
import { flushSights } from "../../src/flows/flush-sights.ts";
import { createApiKey, limitUnknown } from "../../src/flows/relying-parties.ts";
import { administer, touch, viewOf } from "../support/admin.ts";
import { enrolTotp, openChallenge } from "../support/enrol.ts";
import { linkTo, MODEL_PAGES, openBrowser } from "../support/page-browser.ts";
import { type Answer, client, type Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";
import { watchStore } from "../support/watch-store.ts";

const calls: string[] = [];
const use = useService({ pages: MODEL_PAGES, wrap: (deps) => watchStore(deps, calls) });

const HOUR_MS = 60 * 60 * 1000;
const BY = { actor: "test", requestId: "req_test" };
const NO_CHALLENGE = `ch_${"0".repeat(26)}`;
const NO_AUTHENTICATOR = `au_${"0".repeat(26)}`;

let strangers = 0;
const stranger = () => `stranger-${strangers++}`;

async function limitTo(limit: number): Promise<void> {
  const input = { rpId: use.rp.clientId, limit };
  expect((await limitUnknown(use.service.deps, { ...BY, nowMs: use.service.clock.now() }, input)).ok).toBe(true);
}

const status = (subject: string) => use.rp.post("/v1/subjects/status", { subject });
const flush = () => flushSights(use.service.deps);
const alarms = () => use.service.deps.store.audit.list({ kind: "scan_alarm", limit: 9 });

async function scan(count: number, ask: (subject: string) => Promise<Answer> = status): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked++) statuses.push((await ask(stranger())).status);
  return statuses;
}

async function enrolMany(count: number): Promise<readonly string[]> {
  const people = Array.from({ length: count }, (_, index) => `person-${index}`);
  for (const person of people) await enrolTotp(use.service, use.rp, person);
  return people;
}

/** Every question that names a subject. */
const QUESTIONS: readonly (readonly [string, Json])[] = [
  ["/v1/subjects/status", {}],
  ["/v1/authenticators/list", {}],
  ["/v1/enrolments", { method: "totp" }],
  ["/v1/enrolments", { method: "recovery_code" }],
  ["/v1/challenges", {}],
  ["/v1/verify", { totp: "123456" }],
  ["/v1/links", { page: "account" }],
  ["/v1/links", { page: "enrol" }],
  ["/v1/authenticators/rename", { authenticator: NO_AUTHENTICATOR, label: "x" }],
  ["/v1/authenticators/revoke", { authenticator: NO_AUTHENTICATOR, proof: NO_CHALLENGE }],
  ["/v1/recovery-codes/regenerate", { proof: NO_CHALLENGE }],
  ["/v1/subjects/delete", { reason: "test" }],
];

describe("a key that asks who is there", () => {
  test("is told of a hundred unknown subjects, not of one more, and then of nobody, known or unknown", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const statuses = await scan(120);
    expect(statuses.filter((one) => one === 200)).toHaveLength(100);
    expect(statuses.slice(100)).toEqual(Array(20).fill(429));
    const answers = [await status("alice"), await status(stranger())];
    const seen = answers.map((one) => JSON.stringify([one.status, [...one.headers], one.text]));
    expect(new Set(seen.map((one) => one.replaceAll(/req_[0-9a-z]{26}/g, "req"))).size).toBe(1);
    expect(answers[0]?.body.code).toBe("rate_limited");
    expect(answers[0]?.headers.get("retry-after")).toBe("3600");
  });

  test("is stopped once, with an alarm in the audit log, the events and the log", async () => {
    await scan(103);
    const [key] = await use.service.deps.store.apiKeys.listOf(use.rp.clientId);
    expect(await alarms()).toMatchObject([{ rpId: use.rp.clientId, reason: key?.id, subjectLookup: null }]);
    expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"scan_alarm"');
    expect(use.service.log.filter((line) => line.includes("scan_alarm"))).toEqual([
      expect.stringMatching(/"level":"warn".*"keyId":"key_/),
    ]);
  });

  test("is told no more than the limit under three hundred parallel questions", async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => status(stranger())));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(100);
    expect(await alarms()).toHaveLength(1);
  });

  test("may ask about the same strangers and about anybody known as often as it likes", async () => {
    await limitTo(3);
    await enrolTotp(use.service, use.rp, "alice");
    const known = [stranger(), stranger(), stranger()];
    for (let round = 0; round < 10; round++) {
      for (const subject of [...known, "alice"]) expect((await status(subject)).status).toBe(200);
    }
  });

  test("is told of no more known and unknown ones together where a quarter is unknown, and then of nobody", async () => {
    await limitTo(40);
    const people = await enrolMany(45);
    const told: number[] = [];
    for (const person of people) told.push((await status(person)).status, (await status(stranger())).status);
    expect(told.filter((one) => one === 200)).toHaveLength(40);
    expect(told.slice(40)).toEqual(Array(50).fill(429));
    expect(await alarms()).toHaveLength(1);
  });

  test.each([
    ["/v1/authenticators/list", {}],
    ["/v1/enrolments", { method: "totp" }],
    ["/v1/links", { page: "enrol" }],
  ] as const)("by %s %j is counted for the known ones it is told of as well", async (path, body) => {
    await limitTo(20);
    const people = await enrolMany(15);
    await scan(10);
    const told: number[] = [];
    for (const subject of people) told.push((await use.rp.post(path, { subject, ...body })).status);
    expect(told.filter((one) => one !== 429)).toHaveLength(10);
    expect(await alarms()).toHaveLength(1);
  });

  test("is told of as many known ones as it likes while more than three in four are, and of each as often", async () => {
    await limitTo(20);
    const people = await enrolMany(61);
    for (const person of people) expect((await status(person)).status).toBe(200);
    expect(await scan(20)).toEqual(Array(20).fill(200));
    for (const person of people) expect((await status(person)).status).toBe(200);
    expect(await alarms()).toEqual([]);
    expect(await scan(1)).toEqual([429]);
  });

  test("is counted from zero an hour after its first stranger, unless it has been stopped", async () => {
    await limitTo(3);
    for (let hour = 0; hour < 3; hour++) {
      expect(await scan(3)).toEqual([200, 200, 200]);
      use.service.clock.advance(HOUR_MS);
    }
    expect(await scan(4)).toEqual([200, 200, 200, 429]);
    use.service.clock.advance(100 * HOUR_MS);
    expect(await scan(1)).toEqual([429]);
  });

  test.each(QUESTIONS)("by %s %j is stopped as well", async (path, body) => {
    await limitTo(5);
    for (let asked = 0; asked < 7; asked++) {
      await use.rp.post(path, { subject: stranger(), ...body });
      await flush();
    }
    const answer = await use.rp.post(path, { subject: stranger(), ...body });
    expect([answer.status, answer.body.code]).toEqual([429, "rate_limited"]);
    expect(await alarms()).toHaveLength(1);
  });

  test("and is stopped gets one answer to every question, known and unknown alike, before anything is looked at", async () => {
    await limitTo(2);
    await enrolTotp(use.service, use.rp, "alice");
    await scan(3);
    for (const [path, body] of QUESTIONS) {
      const seen = new Set<string>();
      for (const subject of ["alice", stranger()]) {
        calls.length = 0;
        const { status, headers, text } = await use.rp.post(path, { subject, ...body });
        const tables = calls.filter((call) => call.includes("."));
        seen.add(JSON.stringify([status, [...headers], text, tables]).replaceAll(/req_[0-9a-z]{26}/g, "req"));
      }
      expect([...seen], path).toEqual([expect.stringContaining("[429,")]);
      expect([...seen][0]).toContain('["apiKeys.findUsable"]');
    }
  });

  test("by the account page is counted before it is led to set up a first authenticator", async () => {
    await limitTo(2);
    const links: string[] = [];
    while (links.length < 4) links.push(await linkTo(use.rp, { page: "account", subject: stranger() }));
    const views: unknown[] = [];
    for (const link of links) {
      const page = await openBrowser(use.service).enter(link);
      views.push(page.location ?? page.status);
    }
    expect(views).toEqual(["/enrol", "/enrol", 429, 429]);
  });

  test("by the account page is counted for the known ones that it asks to prove themselves as well", async () => {
    await limitTo(11);
    const people = await enrolMany(3);
    const links: string[] = [];
    for (const person of people) links.push(await linkTo(use.rp, { page: "account", subject: person }));
    await scan(10);
    const statuses: number[] = [];
    for (const link of links) statuses.push((await openBrowser(use.service).enter(link)).status);
    expect(statuses).toEqual([200, 429, 429]);
  });
});

describe("the scan alarm leaves alone", () => {
  test("another key of the same relying party", async () => {
    await limitTo(2);
    const terms = { rpId: use.rp.clientId, scopes: ["subjects:read"] } as const;
    const made = await createApiKey(use.service.deps, { ...BY, nowMs: use.service.clock.now() }, terms);
    if (!made.ok) throw new Error("no key");
    await scan(3);
    const post = client(use.service.app, made.value.apiKey);
    expect((await post("/v1/subjects/status", { subject: stranger() })).status).toBe(200);
  });

  test("somebody on a device that they have succeeded from, and whoever has a challenge open", async () => {
    await limitTo(2);
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const first = { subject: "alice", totp: totp.code(), remember_device: true };
    const { device } = (await use.rp.post("/v1/verify", first)).body;
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    await scan(3);
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(429);
    expect((await use.rp.post("/v1/verify", { challenge, totp: totp.code() })).status).toBe(200);
    const byDevice = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next(), device });
    expect(byDevice.status).toBe(200);
    const lane = { first_factor: true, device: byDevice.body.device };
    expect((await use.rp.post("/v1/challenges", { subject: "alice", lane })).status).toBe(201);
  });

  test("a relying party that enrols more people than the limit, since those who are enrolled are known", async () => {
    await limitTo(2);
    for (let person = 0; person < 8; person++) await enrolTotp(use.service, use.rp, `person-${person}`);
    expect(await alarms()).toEqual([]);
    expect(await scan(3)).toEqual([200, 200, 429]);
  });

  test("who is known, at no statement: their answers leave nothing to be looked up", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    await flush();
    await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
    await openChallenge(use.rp, "alice");
    calls.length = 0;
    await flush();
    expect(calls).toEqual([]);
  });

  test("a subject known by another method than the one that was asked for", async () => {
    await limitTo(1);
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    await use.rp.post("/v1/verify", { challenge, webauthn: {} });
    await use.rp.post("/v1/authenticators/rename", { subject: "alice", authenticator: totp.id, label: "x" });
    await flush();
    expect(await scan(2)).toEqual([200, 429]);
  });
});

describe("the alarm is lifted", () => {
  test("by an owner, after a fresh touch and for a reason, and counts from zero", async () => {
    await limitTo(2);
    await scan(3);
    const browser = await administer(use.service).signedIn("owner");
    const path = `/admin/relying-parties/${use.rp.clientId}`;
    const shown = viewOf(await browser.get(path), "relying_party");
    expect(shown).toMatchObject({
      relyingParty: { activeKeys: 0, stoppedKeys: 1 },
      keys: [{ status: "stopped", stoppedAt: new Date(use.service.clock.now()).toISOString() }],
      unknownPerHour: 2,
      unknownPerHourOfRealm: 100,
    });
    const question = shown.touch?.lift;
    if (!question) throw new Error("no question");
    expect((await browser.post(`${path}/lift`, { reason: "ours" })).model.problem).toBe("passkey_refused");
    expect((await browser.post(`${path}/lift`, touch(browser, question))).model.problem).toBe("reason_missing");
    expect((await scan(1))[0]).toBe(429);
    const again = viewOf(await browser.get(path), "relying_party").touch?.lift;
    if (!again) throw new Error("no question");
    const lifted = await browser.post(`${path}/lift`, { reason: "ours", ...touch(browser, again) });
    expect(lifted.location).toBe(path);
    expect(viewOf(await browser.get(path), "relying_party").touch?.lift).toBeUndefined();
    expect(await scan(3)).toEqual([200, 200, 429]);
    const [event] = await use.service.deps.store.audit.list({ kind: "scan_alarm_lifted", limit: 2 });
    expect(event).toMatchObject({ reason: "ours", rpId: use.rp.clientId, actor: expect.stringMatching(/^adm_/) });
  });

  test("by nobody else: operators see it, and can neither lift it nor change the limit", async () => {
    await limitTo(2);
    await scan(3);
    const browser = await administer(use.service).signedIn("operator");
    const path = `/admin/relying-parties/${use.rp.clientId}`;
    expect(viewOf(await browser.get(path), "relying_party")).toMatchObject({ relyingParty: { stoppedKeys: 1 } });
    for (const what of ["lift", "limit"]) {
      expect((await browser.post(`${path}/${what}`, { reason: "ours" })).model.problem).toBe("forbidden");
    }
    expect(await scan(1)).toEqual([429]);
  });

  test("and the limit is raised for a relying party, or given back to the realm", async () => {
    const browser = await administer(use.service).signedIn("owner");
    const path = `/admin/relying-parties/${use.rp.clientId}`;
    const change = async (unknown_per_hour: string) => {
      const question = viewOf(await browser.get(path), "relying_party").touch?.limit;
      if (!question) throw new Error("no question");
      return browser.post(`${path}/limit`, { unknown_per_hour, ...touch(browser, question) });
    };
    for (const wrong of ["0", "-1", "1000001", "many"]) {
      expect((await change(wrong)).model.problem, wrong).toBe("invalid_input");
    }
    expect((await change("150")).location).toBe(path);
    expect((await scan(151)).filter((one) => one === 200)).toHaveLength(150);
    await change("");
    expect(viewOf(await browser.get(path), "relying_party").unknownPerHour).toBeUndefined();
    const [changed] = await use.service.deps.store.audit.list({ kind: "relying_party_changed", limit: 1 });
    expect(changed?.reason).toBe("unknown_per_hour: realm");
  });
});

describe("a sudden rise of unknown subjects, whoever asks", () => {
  const rises = () => use.service.deps.store.audit.list({ kind: "unknown_subjects_rising", limit: 9 });

  async function manyKeysAsk(count: number): Promise<void> {
    await limitTo(100_000);
    await scan(count);
    await flush();
  }

  test("is told once an hour, from two hundred in ten minutes on", async () => {
    await manyKeysAsk(199);
    expect(await rises()).toEqual([]);
    await manyKeysAsk(1);
    await manyKeysAsk(50);
    expect(await rises()).toMatchObject([{ realmId: "default", rpId: null, subjectLookup: null }]);
    expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"unknown_subjects_rising"');
    expect(use.service.log.filter((line) => line.includes("unknown_subjects_rising"))).toHaveLength(1);
    use.service.clock.advance(HOUR_MS);
    await manyKeysAsk(200);
    expect(await rises()).toHaveLength(2);
  });

  test("is none where ten minutes of the day before saw a fifth as many on average", async () => {
    const { store } = use.service.deps;
    const slot = Math.floor(use.service.clock.now() / 600_000);
    for (let before = 1; before <= 144; before++) await store.unknownTallies.add(slot - before, 60);
    await manyKeysAsk(300);
    expect(await rises()).toEqual([]);
    await manyKeysAsk(1);
    expect(await rises()).toHaveLength(1);
  });
});
