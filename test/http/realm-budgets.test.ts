import { beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_POLICY } from "../../src/domain/realm.ts";
import { type EnrolledTotp, enrolPasskey, enrolTotp, openChallenge, textIn, totpApp } from "../support/enrol.ts";
import { openPrompt } from "../support/page-answers.ts";
import { MODEL_PAGES, viewOf } from "../support/page-browser.ts";
import type { Answer, Json } from "../support/service.ts";
import { startService } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService({ pages: MODEL_PAGES });
const HOUR_MS = 60 * 60_000;
/** Small enough for a test; the proportions are those of the default. */
const BURST = 20;

let victim: EnrolledTotp;
let asked = 0;

beforeEach(async () => {
  const { store } = use.service.deps;
  await store.atomically([store.realms.setPolicy("default", JSON.stringify({ realmBudget: { burst: BURST } }))]);
  victim = await enrolTotp(use.service, use.rp, "victim");
  // The realm is read again after a few seconds.
  use.service.clock.advance(6_000);
});

function spray(terms: Json = { first_factor: true }): Promise<Answer> {
  return use.rp.post("/v1/verify", { subject: `sprayed-${asked++}`, totp: "000000", ...terms });
}

async function sprayed(count: number, terms?: Json): Promise<readonly number[]> {
  const statuses = [];
  for (let tries = 0; tries < count; tries++) statuses.push((await spray(terms)).status);
  return statuses;
}

function verify(answer: Json, terms: Json = { first_factor: true }): Promise<Answer> {
  return use.rp.post("/v1/verify", { subject: "victim", ...answer, ...terms });
}

describe("wrong codes across many subjects", () => {
  test("use up the realm's budget, and then codes wait for all, those who do not exist included", async () => {
    expect(await sprayed(BURST + 5)).toEqual([...Array(BURST).fill(403), ...Array(5).fill(429)]);
    const refused = await verify({ totp: victim.next() });
    expect(refused.body).toMatchObject({ code: "rate_limited", status: 429 });
    expect(refused.body.detail).toMatch(/Passkeys, recovery codes and known devices go on/);
    const [known, unknown] = [await verify({ totp: victim.code() }), await spray()];
    expect({ ...known.body, instance: "" }).toEqual({ ...unknown.body, instance: "" });
    expect(known.headers.get("retry-after")).toBe(unknown.headers.get("retry-after"));
    expect(Number(known.headers.get("retry-after"))).toBeLessThanOrEqual(3600);
  });

  test("shut out nobody with a passkey, a recovery code or a known device, and not the other lane", async () => {
    const remembered = await verify({ totp: victim.code() }, { first_factor: true, remember_device: true });
    const passkey = await enrolPasskey(use.service, use.rp, "keyholder");
    await sprayed(BURST);
    expect((await spray()).status).toBe(429);
    expect((await verify({ totp: victim.next() }, { device: textIn(remembered, "device") })).status).toBe(200);
    expect((await verify({ recovery_code: victim.recoveryCodes[0] })).status).toBe(200);
    expect((await verify({ totp: victim.next() }, {})).status).toBe(200);
    const opened = await openChallenge(use.rp, "keyholder", { lane: { first_factor: true } });
    const { challenge } = opened.body;
    expect((await use.rp.post("/v1/verify", { challenge, webauthn: passkey.answer(opened) })).status).toBe(200);
  });

  test("have one more each hour, and no more than that however often they are tried", async () => {
    await sprayed(BURST);
    let admitted = 0;
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      use.service.clock.advance(5 * 60_000);
      if ((await spray()).status === 403) admitted++;
    }
    expect(admitted).toBeGreaterThan(20);
    expect(admitted).toBeLessThanOrEqual(24);
  });

  test("raise one alarm a day, in the log, the audit log and the events of the realm", async () => {
    await sprayed(BURST + 3);
    use.service.clock.advance(2 * HOUR_MS);
    await sprayed(3);
    const alarms = await use.service.deps.store.audit.list({ kind: "guessing_alarm", limit: 9 });
    expect(alarms).toMatchObject([{ realmId: "default", lane: "proven", subjectLookup: null, rpId: null }]);
    expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"guessing_alarm"');
    expect(use.service.log.map((line) => JSON.parse(line))).toEqual([
      { level: "warn", event: "guessing_alarm", realmId: "default", lane: "proven" },
    ]);
    use.service.clock.advance(23 * HOUR_MS);
    await sprayed(BURST + 3);
    expect(await use.service.deps.store.audit.list({ kind: "guessing_alarm", limit: 9 })).toHaveLength(2);
  });

  test("are made up for by people's right codes, each person's once a day", async () => {
    const app = totpApp(use.service, victim.secret);
    // One person alone cannot make room for more guesses.
    for (let count = 0; count < 8; count++) expect((await verify({ totp: app.next() })).status).toBe(200);
    await sprayed(BURST);
    expect((await spray()).status).toBe(429);
    use.service.clock.advance(BURST * HOUR_MS);
    const people = [];
    for (let count = 0; count < 8; count++) people.push(await enrolTotp(use.service, use.rp, `person-${count}`));
    await sprayed(BURST - 1);
    for (const [index, person] of people.entries()) {
      const subject = `person-${index}`;
      expect((await use.rp.post("/v1/verify", { subject, totp: person.code(), first_factor: true })).status).toBe(200);
    }
    expect(await sprayed(4)).toEqual([403, 403, 403, 429]);
  });

  test("a code pressed twice is not one of them", async () => {
    const code = victim.code();
    await sprayed(BURST - 1);
    expect((await verify({ totp: code })).status).toBe(200);
    expect((await verify({ totp: code })).status).toBe(403);
    expect((await verify({ totp: victim.next() })).status).toBe(200);
  });

  test("are counted together by processes that share the database, also by one that starts later", async () => {
    await sprayed(BURST);
    const other = await startService({ env: { COUNTERSIGN_DATA_DIR: use.service.config.dataDir } });
    other.clock.nowMs = use.service.clock.nowMs;
    const rp = await other.addRelyingParty({ name: "Other" });
    const statuses = [];
    for (let tries = 0; tries < 3; tries++) {
      const body = { subject: `elsewhere-${tries}`, totp: "000000", first_factor: true };
      statuses.push((await rp.post("/v1/verify", body)).status);
    }
    await other.close();
    expect(statuses).toEqual([429, 429, 429]);
  });

  test("on the prompt, say how long codes wait, and leave the other ways", async () => {
    await sprayed(BURST);
    const { browser } = await openPrompt(use.service, use.rp, "victim");
    const page = await browser.post("/prompt", { totp: victim.next() });
    expect(page.status).toBe(429);
    const { challenge } = viewOf(page, "prompt", "challenge");
    expect(challenge.problem).toMatchObject({ code: "throttled" });
    expect(challenge.methods).toContain("recovery_code");
  });
});

test("the default is 500 at once and one an hour: fewer than ten thousand guesses in a year", () => {
  const { burst, perHour } = DEFAULT_POLICY.realmBudget;
  expect(burst + perHour * 24 * 365).toBeLessThan(10_000);
});
