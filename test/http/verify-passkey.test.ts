import { expect, test } from "vitest";
import { enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import type { Answer } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

async function verifyPasskey(opened: Answer, webauthn: unknown): Promise<Answer> {
  return use.rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn });
}

async function listed(subject: string): Promise<unknown> {
  return (await use.rp.post("/v1/authenticators/list", { subject })).body.authenticators;
}

test("a passkey with verification is phishing-resistant and two factors in one", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice");
  const opened = await openChallenge(use.rp, "alice");
  const verified = await verifyPasskey(opened, passkey.answer(opened));
  expect(verified.body).toMatchObject({
    verified: true,
    method: "webauthn",
    authenticator: passkey.id,
    acr: "phr",
    amr: ["mfa", "pop", "user"],
    phishing_resistant: true,
    user_verified: true,
  });
});

test("a passkey without verification is one factor", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { settings: { userVerified: false } });
  const opened = await openChallenge(use.rp, "alice");
  const verified = await verifyPasskey(opened, passkey.answer(opened));
  expect(verified.body).toMatchObject({ acr: "phr", amr: ["pop", "user"], user_verified: false });
});

test("a passkey is asked for by a challenge only: without one the request is refused", async () => {
  const refused = await use.rp.post("/v1/verify", { subject: "alice", webauthn: {} });
  expect(refused.body).toMatchObject({ code: "invalid_request", detail: "webauthn needs a challenge." });
});

test("the request options allow exactly the subject's passkeys", async () => {
  const first = await enrolPasskey(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", (opened) => ({ webauthn: first.answer(opened) }));
  await enrolPasskey(use.service, use.rp, "alice", { proof });
  await enrolPasskey(use.service, use.rp, "bob");
  const opened = await openChallenge(use.rp, "alice");
  const { allowCredentials, rpId, timeout, userVerification } = JSON.parse(opened.text).webauthn.options;
  expect(allowCredentials).toHaveLength(2);
  expect(allowCredentials[0]).toEqual({
    id: expect.stringMatching(/^[\w-]{43}$/),
    type: "public-key",
    transports: ["internal", "hybrid"],
  });
  expect({ rpId, timeout, userVerification }).toEqual({
    rpId: "localhost",
    timeout: 600_000,
    userVerification: "preferred",
  });
});

test("every challenge asks with 32 fresh random bytes", async () => {
  await enrolPasskey(use.service, use.rp, "alice");
  const asked = new Set<string>();
  for (let index = 0; index < 20; index++) {
    const opened = await openChallenge(use.rp, "alice");
    asked.add(JSON.parse(opened.text).webauthn.options.challenge);
  }
  expect(asked.size).toBe(20);
  for (const text of asked) expect(Buffer.from(text, "base64url")).toHaveLength(32);
});

test("an answer to another challenge, another origin or by another's passkey is refused with one body", async () => {
  const alice = await enrolPasskey(use.service, use.rp, "alice");
  const bob = await enrolPasskey(use.service, use.rp, "bob");
  const bodies = new Set<string>();
  for (const wrong of [
    { origin: "http://localhost.evil.example" },
    { origin: "http://localhost:9999" },
    { rpId: "evil.example" },
    { challenge: "AAAA" },
    { userPresent: false },
    { crossOrigin: true },
    { type: "webauthn.create" },
    { backupState: true },
    { userHandle: "AAAA" },
    { signature: (honest: Uint8Array<ArrayBuffer>) => honest.map((byte, index) => (index === 20 ? byte ^ 1 : byte)) },
  ]) {
    const opened = await openChallenge(use.rp, "alice");
    const refused = await verifyPasskey(opened, alice.answer(opened, wrong));
    bodies.add(JSON.stringify({ status: refused.status, ...refused.body, instance: "" }));
  }
  const opened = await openChallenge(use.rp, "alice");
  const foreign = await verifyPasskey(opened, bob.device.authenticate({ ...optionsFor(opened), allowCredentials: [] }));
  bodies.add(JSON.stringify({ status: foreign.status, ...foreign.body, instance: "" }));
  expect([...bodies]).toEqual([expect.stringMatching(/^{"status":403,.*"code":"answer_rejected"/)]);
});

function optionsFor(opened: Answer) {
  return JSON.parse(opened.text).webauthn.options;
}

test("an assertion counts once under sixty parallel uses, with and without a counter", async () => {
  for (const [subject, counts] of [
    ["alice", true],
    ["bob", false],
  ] as const) {
    const passkey = await enrolPasskey(use.service, use.rp, subject, { settings: { counts } });
    const opened = await openChallenge(use.rp, subject);
    const webauthn = passkey.answer(opened);
    const answers = await Promise.all(Array.from({ length: 60 }, () => verifyPasskey(opened, webauthn)));
    expect(
      answers.filter(({ status }) => status === 200),
      subject,
    ).toHaveLength(1);
  }
});

test("a passkey without a counter goes on working at zero", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice");
  for (let turn = 0; turn < 3; turn++) {
    const opened = await openChallenge(use.rp, "alice");
    expect((await verifyPasskey(opened, passkey.answer(opened))).status).toBe(200);
  }
});

test("a counter that does not rise is refused, audited, shown and told, and a later rise is accepted", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { settings: { counts: true } });
  const first = await openChallenge(use.rp, "alice");
  expect((await verifyPasskey(first, passkey.answer(first, { signCount: 7 }))).status).toBe(200);
  expect(await listed("alice")).not.toContainEqual(expect.objectContaining({ clone_suspected: true }));
  for (const signCount of [7, 6, 0]) {
    const opened = await openChallenge(use.rp, "alice");
    const refused = await verifyPasskey(opened, passkey.answer(opened, { signCount }));
    expect(refused.body.code, String(signCount)).toBe("answer_rejected");
  }
  expect(await listed("alice")).toContainEqual(expect.objectContaining({ id: passkey.id, clone_suspected: true }));
  const events = await use.rp.post("/v1/events/list", {});
  expect(events.text).toContain('"kind":"counter_regressed"');
  const audit = await use.service.deps.store.audit.list({ kind: "counter_regressed", limit: 10 });
  expect(audit.map(({ authenticatorId }) => authenticatorId)).toEqual([passkey.id, passkey.id, passkey.id]);
  const later = await openChallenge(use.rp, "alice");
  expect((await verifyPasskey(later, passkey.answer(later, { signCount: 8 }))).status).toBe(200);
});

test("a refused answer leaves counter and backup state as they were", async () => {
  const settings = { counts: true, backupEligible: true };
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { settings });
  const opened = await openChallenge(use.rp, "alice", { acr: "phrh" });
  const unmet = await verifyPasskey(opened, passkey.answer(opened, { signCount: 99, backupState: true }));
  expect(unmet.body.code).toBe("assurance_unmet");
  expect(await listed("alice")).toContainEqual(expect.objectContaining({ id: passkey.id, synced: false }));
  const again = await openChallenge(use.rp, "alice");
  expect((await verifyPasskey(again, passkey.answer(again, { signCount: 2 }))).status).toBe(200);
});

test("a passkey that gets synced is shown as synced; one that becomes eligible for it is refused", async () => {
  const synced = await enrolPasskey(use.service, use.rp, "alice", { settings: { backupEligible: true } });
  const first = await openChallenge(use.rp, "alice");
  expect((await verifyPasskey(first, synced.answer(first, { backupState: true }))).status).toBe(200);
  expect(await listed("alice")).toContainEqual(expect.objectContaining({ id: synced.id, synced: true }));
  const second = await openChallenge(use.rp, "alice");
  expect((await verifyPasskey(second, synced.answer(second, { backupState: false }))).status).toBe(200);
  expect(await listed("alice")).toContainEqual(expect.objectContaining({ id: synced.id, synced: false }));
  const bound = await enrolPasskey(use.service, use.rp, "bob");
  const third = await openChallenge(use.rp, "bob");
  const refused = await verifyPasskey(third, bound.answer(third, { backupEligible: true }));
  expect(refused.body.code).toBe("answer_rejected");
});

test("a passkey is asked for and checked by configuration, whatever host the request names", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice");
  const forged = { host: "evil.example", "x-forwarded-host": "evil.example", origin: "https://evil.example" };
  const opened = await use.rp.post("/v1/challenges", { subject: "alice" }, forged);
  expect(JSON.parse(opened.text).webauthn.options.rpId).toBe("localhost");
  const answer = passkey.answer(opened, { origin: "https://evil.example" });
  const refused = await use.rp.post("/v1/verify", { challenge: opened.body.challenge, webauthn: answer }, forged);
  expect(refused.body.code).toBe("answer_rejected");
});

test("a subject with both methods can answer one challenge with either", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { proof });
  const byPasskey = await openChallenge(use.rp, "alice");
  expect(byPasskey.body.methods).toEqual(["webauthn", "totp", "recovery_code"]);
  expect((await verifyPasskey(byPasskey, passkey.answer(byPasskey))).body.method).toBe("webauthn");
  const challenge = textIn(await openChallenge(use.rp, "alice"), "challenge");
  expect((await use.rp.post("/v1/verify", { challenge, totp: totp.next() })).body.method).toBe("totp");
});
