import { expect, test } from "vitest";
import type { Answer } from "../../src/domain/authenticator.ts";
import { verify } from "../../src/flows/verify.ts";
import { enrolTotp, openChallenge, textIn } from "../support/enrol.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

/** The person answers on our page: the same flow, whose verdict waits for the relying party. */
async function answerOnPage(challenge: string, answer: Answer): Promise<boolean> {
  const { clock, deps } = use.service;
  const realm = await deps.realms.get("default");
  const call = { requestId: "req_page", nowMs: clock.now(), rpId: use.rp.clientId, realm };
  return (await verify(deps, call, { about: { challenge }, answer, rememberDevice: false })).ok;
}

test("an answer on our page is redeemed once, also by sixty at a time", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const opened = await openChallenge(use.rp, "alice", { lane: { first_factor: true } });
  const challenge = textIn(opened, "challenge");
  expect(await answerOnPage(challenge, { method: "totp", code: totp.code() })).toBe(true);
  use.service.clock.advance(60_000);
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => use.rp.post("/v1/challenges/redeem", { challenge, receipt: true })),
  );
  const [redeemed, ...more] = answers.filter(({ status }) => status === 200);
  expect(more).toEqual([]);
  expect(redeemed?.body).toMatchObject({
    verified: true,
    challenge,
    subject_id: opened.body.subject_id,
    authenticator: totp.id,
    method: "totp",
    amr: ["mfa", "otp", "pwd"],
    auth_time: "2026-11-23T08:00:30.000Z",
    receipt: expect.any(String),
  });
  expect((await use.rp.post("/v1/challenges/redeem", { challenge })).body.code).toBe("challenge_closed");
  expect((await use.rp.post("/v1/verify", { challenge, totp: totp.next() })).body.code).toBe("challenge_closed");
});

test("of two right answers on our page at once, by different methods, one counts", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const challenge = textIn(await openChallenge(use.rp, "alice"), "challenge");
  const [code = ""] = totp.recoveryCodes;
  const counted = await Promise.all([
    answerOnPage(challenge, { method: "totp", code: totp.code() }),
    answerOnPage(challenge, { method: "recovery_code", code }),
  ]);
  expect(counted.sort()).toEqual([false, true]);
});

test("an answer is redeemed within five minutes or not at all", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  for (const [waitMs, status] of [
    [5 * 60_000, 200],
    [5 * 60_000 + 1, 409],
  ] as const) {
    const challenge = textIn(await openChallenge(use.rp, "alice"), "challenge");
    expect(await answerOnPage(challenge, { method: "totp", code: totp.next() })).toBe(true);
    use.service.clock.advance(waitMs);
    expect((await use.rp.post("/v1/challenges/redeem", { challenge })).status).toBe(status);
  }
});

test("an unanswered challenge is not verified: pending, exhausted, declined and expired", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const redeem = async (challenge: unknown) => (await use.rp.post("/v1/challenges/redeem", { challenge })).body.code;
  const { challenge } = (await openChallenge(use.rp, "alice")).body;
  expect(await redeem(challenge)).toBe("answer_rejected");
  for (let wrong = 0; wrong < 10; wrong++) await use.rp.post("/v1/verify", { challenge, webauthn: {} });
  expect(await redeem(challenge)).toBe("attempts_exhausted");
  const declined = textIn(await openChallenge(use.rp, "alice"), "challenge");
  await use.service.deps.store.challenges.deny(declined, use.service.clock.now());
  expect(await redeem(declined)).toBe("challenge_closed");
  const expired = textIn(await openChallenge(use.rp, "alice"), "challenge");
  use.service.clock.advance(10 * 60_000);
  expect(await redeem(expired)).toBe("challenge_expired");
});

test("the device token that opened the challenge is rotated when the verdict is handed over, and not before", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const remembered = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.code(), remember_device: true });
  const device = textIn(remembered, "device");
  const opened = await openChallenge(use.rp, "alice", { lane: { first_factor: true, device } });
  const challenge = textIn(opened, "challenge");
  expect(await answerOnPage(challenge, { method: "totp", code: totp.next() })).toBe(true);
  const redeemed = await use.rp.post("/v1/challenges/redeem", { challenge });
  expect(redeemed.body.amr).toEqual(["mfa", "otp", "pwd"]);
  const next = textIn(redeemed, "device");
  expect(next.split(".")[0]).toBe(device.split(".")[0]);
  expect(next).not.toBe(device);
  const again = await use.rp.post("/v1/verify", { subject: "alice", totp: totp.next(), device: next });
  expect(textIn(again, "device")).toMatch(/^dev_/);
});

test("a device token is handed over with a redeemed verdict when asked for, and only then", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const [plain, remembering] = [await openChallenge(use.rp, "alice"), await openChallenge(use.rp, "alice")];
  for (const opened of [plain, remembering]) {
    await answerOnPage(textIn(opened, "challenge"), { method: "totp", code: totp.next() });
  }
  const first = await use.rp.post("/v1/challenges/redeem", { challenge: textIn(plain, "challenge") });
  expect(first.body).not.toHaveProperty("device");
  const second = await use.rp.post("/v1/challenges/redeem", {
    challenge: textIn(remembering, "challenge"),
    remember_device: true,
  });
  expect(textIn(second, "device")).toMatch(/^dev_/);
});
