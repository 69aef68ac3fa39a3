import { describe, expect, test } from "vitest";
import { DEFAULT_REALM_ID } from "../../src/domain/realm.ts";
import { enrolPasskey, enrolTotp, openChallenge, prove } from "../support/enrol.ts";
import type { Answer, Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const use = useService();

/** Answers until told to wait, waits that long, and so on: the waits in seconds until the day's count is reached. */
async function waitsUntilExhausted(body: Json): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let guess = 0; guess < 10; ) {
    const answer = await use.rp.post("/v1/verify", body);
    if (answer.status === 403) guess++;
    else waits.push(await sitOut(answer));
  }
  return waits;
}

async function sitOut(answer: Answer): Promise<number> {
  expect(answer.body.code).toBe("subject_locked");
  const seconds = Number(answer.headers.get("retry-after"));
  use.service.clock.advance(seconds * 1000);
  return seconds;
}

async function exhaust(body: Json): Promise<Answer> {
  await waitsUntilExhausted(body);
  return use.rp.post("/v1/verify", body);
}

describe.each(["enrolled", "unknown"])("a subject that is %s", (kind) => {
  const subject = "alice";
  const enrolled = () => (kind === "enrolled" ? enrolTotp(use.service, use.rp, subject) : undefined);

  test("has five wrong answers free, then waits 30 s, doubling with each further one", async () => {
    await enrolled();
    expect(await waitsUntilExhausted({ subject, totp: "00000" })).toEqual([30, 60, 120, 240, 480]);
  });

  test("has ten wrong answers in 24 hours, and is told when the first of them is a day old", async () => {
    await enrolled();
    const startedMs = use.service.clock.now();
    const locked = await exhaust({ subject, totp: "00000" });
    const reopensMs = use.service.clock.now() + Number(locked.headers.get("retry-after")) * 1000;
    expect(reopensMs).toBe(startedMs + DAY_MS);
    use.service.clock.advance(reopensMs - use.service.clock.now() - 1000);
    expect((await use.rp.post("/v1/verify", { subject, totp: "00000" })).headers.get("retry-after")).toBe("1");
    use.service.clock.advance(1000);
    expect((await use.rp.post("/v1/verify", { subject, totp: "00000" })).status).toBe(403);
  });

  test("has 25 wrong answers in 30 days, and waits an hour at most between two", async () => {
    await enrolled();
    const startedMs = use.service.clock.now();
    let longestWait = 0;
    for (let guess = 0; guess < 25; ) {
      const answer = await use.rp.post("/v1/verify", { subject, totp: "00000" });
      if (answer.status === 403) guess++;
      else {
        const wait = await sitOut(answer);
        if (wait <= 3600) longestWait = Math.max(longestWait, wait);
      }
    }
    expect(longestWait).toBe(3600);
    const locked = await use.rp.post("/v1/verify", { subject, totp: "00000" });
    const reopensMs = use.service.clock.now() + Number(locked.headers.get("retry-after")) * 1000;
    expect(reopensMs).toBe(startedMs + 30 * DAY_MS);
  });

  test("gets exactly the free answers under two hundred parallel wrong codes", async () => {
    await enrolled();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => use.rp.post("/v1/verify", { subject, totp: "00000" })),
    );
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(195);
  });

  test("is charged the same through new challenges, another relying party and another key", async () => {
    await enrolled();
    const other = await use.service.addRelyingParty();
    for (const rp of [use.rp, other, use.rp, other, use.rp]) {
      expect((await rp.post("/v1/verify", { subject, totp: "00000" })).status).toBe(403);
    }
    const { challenge } = (await openChallenge(other, subject)).body;
    expect((await other.post("/v1/verify", { challenge, totp: "00000" })).body.code).toBe("subject_locked");
  });
});

test("known and unknown subjects are locked with one body, one set of headers and one wait", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const seen = new Set<string>();
  for (const subject of ["alice", "nobody"]) {
    for (let guess = 0; guess < 5; guess++) await use.rp.post("/v1/verify", { subject, totp: "00000" });
    const { headers, status, text } = await use.rp.post("/v1/verify", { subject, totp: "00000" });
    const masked = JSON.stringify([status, [...headers], text]);
    seen.add(masked.replaceAll(/req_[0-9a-z]{26}/g, "req"));
  }
  expect([...seen]).toEqual([expect.stringMatching(/^\[429,.*"retry-after","30"/)]);
});

test("a right answer is refused during a wait, and accepted after it", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  for (let guess = 0; guess < 5; guess++) await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() })).body.code).toBe("subject_locked");
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(200);
});

test("a success ends the row of wrong answers but gives none of the day's back", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const wrong = () => use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
  for (let guess = 0; guess < 4; guess++) expect((await wrong()).status).toBe(403);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(200);
  for (let guess = 0; guess < 4; guess++) expect((await wrong()).status).toBe(403);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(200);
  for (let guess = 0; guess < 2; guess++) expect((await wrong()).status).toBe(403);
  const locked = await wrong();
  expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(80_000);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).body.code).toBe("subject_locked");
});

test("right answers are free: a hundred of them in a day lock nobody out", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  for (let answer = 0; answer < 100; answer++) {
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(200);
  }
});

test("an attack on one lane leaves the others, passkeys and recovery codes open", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { proof });
  const first = { subject: "alice", totp: totp.next(), first_factor: true, remember_device: true };
  const { device } = (await use.rp.post("/v1/verify", first)).body;
  expect((await exhaust({ subject: "alice", totp: "00000" })).status).toBe(429);
  const byProven = { subject: "alice", totp: totp.next(), first_factor: true };
  expect((await use.rp.post("/v1/verify", byProven)).status).toBe(200);
  expect((await exhaust({ subject: "alice", totp: "00000", first_factor: true })).status).toBe(429);
  const byDevice = { subject: "alice", totp: totp.next(), first_factor: true, device };
  expect((await use.rp.post("/v1/verify", byDevice)).status).toBe(200);
  const [recovery_code] = totp.recoveryCodes;
  expect((await use.rp.post("/v1/verify", { subject: "alice", recovery_code })).status).toBe(200);
  const opened = await openChallenge(use.rp, "alice");
  const webauthn = passkey.answer(opened);
  expect((await use.rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn })).status).toBe(200);
});

test("wrong recovery codes have a budget of their own, as strict", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const recovery_code = "0000-0000-0000-0000-0000-0000";
  expect(await waitsUntilExhausted({ subject: "alice", recovery_code })).toEqual([30, 60, 120, 240, 480]);
  expect((await use.rp.post("/v1/verify", { subject: "alice", recovery_code })).status).toBe(429);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next() })).status).toBe(200);
});

test("a passkey is never closed by wrong answers", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice");
  for (let round = 0; round < 10; round++) {
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    for (let wrong = 0; wrong < 10; wrong++) await use.rp.post("/v1/verify", { challenge, webauthn: {} });
  }
  const opened = await openChallenge(use.rp, "alice");
  const webauthn = passkey.answer(opened);
  expect((await use.rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn })).status).toBe(200);
});

test("deleting a subject hands out no fresh guesses", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  for (let guess = 0; guess < 5; guess++) await use.rp.post("/v1/verify", { subject: "alice", totp: "00000" });
  await use.rp.post("/v1/subjects/delete", { subject: "alice", reason: "test" });
  const totp = await enrolTotp(use.service, use.rp, "alice");
  use.service.clock.advance(-30_000);
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() })).body.code).toBe("subject_locked");
});

test("a lane stays shut after as many wrong answers in a row as its policy says, until it is lifted", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const { store } = use.service.deps;
  const policy = JSON.stringify({ budgets: { open: { suspendInRow: 3 } } });
  await store.atomically([store.realms.setPolicy(DEFAULT_REALM_ID, policy)]);
  use.service.clock.advance(30_000);
  for (let guess = 0; guess < 3; guess++) await use.rp.post("/v1/verify", { subject: "alice", totp: totp.wrong() });
  use.service.clock.advance(40 * DAY_MS);
  const shut = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
  expect(shut.body.code).toBe("subject_locked");
  expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"lane_suspended"');
  const [suspended] = await store.audit.list({ kind: "lane_suspended", limit: 1 });
  await store.atomically(store.guessBudgets.lift(suspended?.subjectLookup ?? "", "open"));
  expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() })).status).toBe(200);
});

test("every number is the realm's policy, each lane's apart", async () => {
  const { store } = use.service.deps;
  const open = { freeInRow: 2, firstWaitSeconds: 7, maxWaitSeconds: 20, perDay: 5, perMonth: 6 };
  await store.atomically([store.realms.setPolicy(DEFAULT_REALM_ID, JSON.stringify({ budgets: { open } }))]);
  use.service.clock.advance(30_000);
  const wrong = { subject: "alice", totp: "00000" };
  const waits: number[] = [];
  for (let guess = 0; guess < 6; ) {
    const answer = await use.rp.post("/v1/verify", wrong);
    if (answer.status === 403) guess++;
    else waits.push(await sitOut(answer));
  }
  const [first, second, third, untilTomorrow = 0, ...more] = waits;
  expect([first, second, third, more.length]).toEqual([7, 14, 20, 0]);
  expect(untilTomorrow).toBeGreaterThan(80_000);
  const untilNextMonth = Number((await use.rp.post("/v1/verify", wrong)).headers.get("retry-after"));
  expect(untilNextMonth).toBeGreaterThan(28 * 86_400);
  expect(await waitsUntilExhausted({ ...wrong, first_factor: true })).toEqual([30, 60, 120, 240, 480]);
});
