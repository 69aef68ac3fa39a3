import { describe, expect, test } from "vitest";
import { enrolPasskey, enrolTotp, openChallenge, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

describe("without a challenge", () => {
  test("a right code is a verdict with exactly the documented members", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() });
    const { subject_id, ...verdict } = verified.body;
    expect(subject_id).toMatch(/^sub_[0-9a-z]{26}$/);
    expect(verdict).toEqual({
      verified: true,
      method: "totp",
      authenticator: totp.id,
      acr: "urn:countersign:acr:otp",
      amr: ["otp"],
      phishing_resistant: false,
      user_verified: false,
      auth_time: "2026-11-23T08:00:30.000Z",
    });
  });

  test("a password just checked makes the code a second factor", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(), first_factor: true });
    expect(verified.body.amr).toEqual(["mfa", "otp", "pwd"]);
  });

  test("spaces and hyphens in a code do not count", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const typed = totp.code().replace(/^(...)/, " $1-");
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: typed })).status).toBe(200);
  });

  test("the code of one step earlier is right, of two steps earlier or one later wrong", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    use.service.clock.advance(60_000);
    for (const [offsetMs, status] of [
      [-60_000, 403],
      [30_000, 403],
      [-30_000, 200],
    ] as const) {
      const verified = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(offsetMs) });
      expect(verified.status, String(offsetMs)).toBe(status);
    }
  });

  test("a used code is refused, and so is the earlier step's that was never used", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    use.service.clock.advance(60_000);
    const code = totp.code();
    const earlier = totp.code(-30_000);
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: code })).status).toBe(200);
    for (const totp of [code, earlier]) {
      const again = await use.rp.post("/v1/verify", { subject: "alice", totp });
      expect(again.body.code).toBe("answer_rejected");
    }
  });

  test("a used code stays used when the clock is set back", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    use.service.clock.advance(120_000);
    const code = totp.code();
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: code })).status).toBe(200);
    use.service.clock.advance(-90_000);
    for (const totp2 of [code, totp.code()]) {
      expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp2 })).status).toBe(403);
    }
  });

  test("a reference is compared exactly after NFC", async () => {
    const totp = await enrolTotp(use.service, use.rp, "zo\u00eb");
    const wrong = await use.rp.post("/v1/verify", { subject: "Zo\u00eb", totp: totp.code() });
    expect(wrong.status).toBe(403);
    const right = await use.rp.post("/v1/verify", { subject: "zoe\u0308", totp: totp.code() });
    expect(right.status).toBe(200);
  });

  test("another subject's code is refused", async () => {
    const alice = await enrolTotp(use.service, use.rp, "alice");
    await enrolTotp(use.service, use.rp, "bob");
    expect((await use.rp.post("/v1/verify", { subject: "bob", totp: alice.code() })).status).toBe(403);
  });

  test("a revoked authenticator's code is refused at once", async () => {
    const first = await enrolTotp(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice");
    await use.rp.post("/v1/verify", { challenge: opened.body.challenge, totp: first.code() });
    const revoked = await use.rp.post("/v1/authenticators/revoke", {
      subject: "alice",
      authenticator: first.id,
      proof: opened.body.challenge,
    });
    expect(revoked.status, revoked.text).toBe(200);
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: first.next() })).status).toBe(403);
  });

  test("sixty parallel uses of one code are one success", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const body = { subject: "alice", totp: totp.code(), first_factor: true };
    const answers = await Promise.all(Array.from({ length: 60 }, () => use.rp.post("/v1/verify", body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("every wrong, replayed, malformed and unknown answer has one body", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const used = totp.code();
    await use.rp.post("/v1/verify", { subject: "alice", totp: used });
    const bodies = [];
    for (const answer of [
      { subject: "alice", totp: totp.wrong() },
      { subject: "alice", totp: used },
      { subject: "alice", totp: "12345" },
      { subject: "alice", totp: "１２３４５６" },
      { subject: "alice", totp: "+12345" },
      { subject: "nobody", totp: "123456" },
      { subject: "alice", recovery_code: "no code" },
      { subject: "alice", recovery_code: "0000-0000-0000-0000-0000-0000" },
      { subject: "nobody", recovery_code: "0000-0000-0000-0000-0000-0000" },
    ]) {
      const { status, body } = await use.rp.post("/v1/verify", { first_factor: true, ...answer });
      bodies.push(JSON.stringify({ status, ...body, instance: "" }));
    }
    expect(new Set(bodies).size, bodies.join("\n")).toBe(1);
  });
});

describe("with a challenge", () => {
  test("a challenge has exactly the documented members and lasts ten minutes", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice");
    expect(Object.keys(opened.body)).toEqual(["challenge", "subject_id", "methods", "expires_at"]);
    expect(opened.body).toMatchObject({
      challenge: expect.stringMatching(/^ch_[0-9a-z]{26}$/),
      methods: ["totp", "recovery_code"],
      expires_at: "2026-11-23T08:10:30.000Z",
    });
  });

  test("a right answer is a verdict on that challenge", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice", { lane: { first_factor: true } });
    const { challenge, subject_id } = opened.body;
    const verified = await use.rp.post("/v1/verify", { challenge, totp: totp.code() });
    expect(verified.body).toMatchObject({ verified: true, challenge, subject_id, amr: ["mfa", "otp", "pwd"] });
  });

  test("an answered challenge takes no second answer, right or wrong", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    const code = totp.code();
    expect((await use.rp.post("/v1/verify", { challenge, totp: code })).status).toBe(200);
    for (const answer of [code, totp.next(), totp.wrong()]) {
      expect((await use.rp.post("/v1/verify", { challenge, totp: answer })).body.code).toBe("challenge_closed");
    }
  });

  test("a challenge gives one verdict: what verify has told cannot be redeemed", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    expect((await use.rp.post("/v1/verify", { challenge, totp: totp.code() })).status).toBe(200);
    expect((await use.rp.post("/v1/challenges/redeem", { challenge })).body.code).toBe("challenge_closed");
  });

  test("an expired challenge takes no answer", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    use.service.clock.advance(10 * 60_000);
    const late = await use.rp.post("/v1/verify", { challenge, totp: totp.code() });
    expect(late.body.code).toBe("challenge_expired");
  });

  test("an answer in the last millisecond of a challenge counts", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    use.service.clock.advance(10 * 60_000 - 1);
    expect((await use.rp.post("/v1/verify", { challenge, totp: totp.code() })).status).toBe(200);
  });

  test("attempts count down to none, and then even the right answer is refused", async () => {
    const passkey = await enrolPasskey(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice");
    const { challenge } = opened.body;
    for (let left = 9; left >= 0; left--) {
      const wrong = await use.rp.post("/v1/verify", { challenge, webauthn: {} });
      expect(wrong.body).toMatchObject({ code: "answer_rejected", attempts_left: left });
    }
    const right = await use.rp.post("/v1/verify", { challenge, webauthn: passkey.answer(opened) });
    expect(right.body).toMatchObject({ code: "attempts_exhausted", attempts_left: 0 });
  });

  test("the attempts of a challenge are exact under a hundred parallel answers", async () => {
    await enrolPasskey(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => use.rp.post("/v1/verify", { challenge, webauthn: {} })),
    );
    expect(answers.filter(({ body }) => body.code === "answer_rejected")).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === "attempts_exhausted")).toHaveLength(90);
  });

  test("two right answers by different methods at once are one verdict", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge } = (await openChallenge(use.rp, "alice")).body;
    const answers = await Promise.all([
      use.rp.post("/v1/verify", { challenge, totp: totp.code() }),
      use.rp.post("/v1/verify", { challenge, recovery_code: totp.recoveryCodes[0] }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("a method that the challenge does not allow is refused, even when right", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice", { methods: ["totp"] });
    expect(opened.body.methods).toEqual(["totp"]);
    const { challenge } = opened.body;
    const refused = await use.rp.post("/v1/verify", { challenge, recovery_code: totp.recoveryCodes[0] });
    expect(refused.body.code).toBe("answer_rejected");
    const list = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
    expect(list.text).toContain('"recovery_codes_left":10');
    expect((await use.rp.post("/v1/verify", { challenge, totp: totp.code() })).status).toBe(200);
  });
});

describe("the required level", () => {
  test("no challenge opens for a level that the subject cannot reach", async () => {
    await enrolTotp(use.service, use.rp, "alice");
    for (const acr of ["phr", "phrh"]) {
      const opened = await use.rp.post("/v1/challenges", { subject: "alice", acr });
      expect(opened.body.code).toBe("assurance_unmet");
    }
  });

  test("a challenge for a phishing-resistant level offers only passkeys and takes no code, right or wrong", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const { challenge: proof } = (await openChallenge(use.rp, "alice")).body;
    await use.rp.post("/v1/verify", { challenge: proof, totp: totp.code() });
    const passkey = await enrolPasskey(use.service, use.rp, "alice", { proof: String(proof) });
    const opened = await openChallenge(use.rp, "alice", { acr: "phr" });
    const { challenge } = opened.body;
    expect(opened.body.methods).toEqual(["webauthn"]);
    const right = await use.rp.post("/v1/verify", { challenge, totp: totp.next() });
    const wrong = await use.rp.post("/v1/verify", { challenge, totp: totp.wrong() });
    expect(right.body).toMatchObject({ code: "assurance_unmet", attempts_left: 9 });
    expect(wrong.body).toMatchObject({ code: "assurance_unmet", attempts_left: 8 });
    expect((await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code() })).status).toBe(200);
    const webauthn = passkey.answer(opened);
    expect((await use.rp.post("/v1/verify", { challenge, webauthn })).body).toMatchObject({ acr: "phr" });
  });

  test("a recovery code does not reach the level of a one-time code", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice", { acr: "urn:countersign:acr:otp" });
    expect(opened.body.methods).toEqual(["totp"]);
    const { challenge } = opened.body;
    const refused = await use.rp.post("/v1/verify", { challenge, recovery_code: totp.recoveryCodes[0] });
    expect(refused.body.code).toBe("assurance_unmet");
  });

  test("attested hardware is asked for with verification, and a key that is not attested never reaches it", async () => {
    const passkey = await enrolPasskey(use.service, use.rp, "alice");
    const opened = await openChallenge(use.rp, "alice", { acr: "phrh" });
    expect(opened.text).toContain('"userVerification":"required"');
    const { challenge } = opened.body;
    const unverified = passkey.answer(opened, { userVerified: false });
    const refused = await use.rp.post("/v1/verify", { challenge, webauthn: unverified });
    expect(refused.body.code).toBe("answer_rejected");
    const unattested = await use.rp.post("/v1/verify", { challenge, webauthn: passkey.answer(opened) });
    expect(unattested.body).toMatchObject({ code: "assurance_unmet", attempts_left: 8 });
  });
});

test("an open challenge is not yet a verdict, and one that nobody opened is unknown", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const challenge = textIn(await openChallenge(use.rp, "alice"), "challenge");
  const early = await use.rp.post("/v1/challenges/redeem", { challenge });
  expect(early.body).toMatchObject({ code: "answer_rejected", attempts_left: 10 });
  const unknown = await use.rp.post("/v1/challenges/redeem", { challenge: `ch_${"0".repeat(26)}` });
  expect(unknown.body.code).toBe("challenge_unknown");
});
