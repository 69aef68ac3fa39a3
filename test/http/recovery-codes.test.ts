import { expect, test } from "vitest";
import { enrolPasskey, enrolTotp, prove } from "../support/enrol.ts";
import type { Answer, Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

function verify(recovery_code: unknown, terms: Json = {}): Promise<Answer> {
  return use.rp.post("/v1/verify", { subject: "alice", recovery_code, ...terms });
}

test("a recovery code is reported as recovery, never as a one-time code or two factors", async () => {
  const { recoveryCodes } = await enrolTotp(use.service, use.rp, "alice");
  const verified = await verify(recoveryCodes[0], { first_factor: true });
  expect(verified.body).toMatchObject({
    method: "recovery_code",
    acr: "urn:countersign:acr:recovery",
    amr: [],
    phishing_resistant: false,
    user_verified: false,
    recovery_codes_left: 9,
  });
});

test("each of the ten codes works once, and the number left is told", async () => {
  const { recoveryCodes } = await enrolTotp(use.service, use.rp, "alice");
  const left = [];
  for (const code of recoveryCodes) {
    left.push((await verify(code)).body.recovery_codes_left);
    expect((await verify(code)).body.code).toBe("answer_rejected");
    use.service.clock.advance(24 * 60 * 60 * 1000 * 4);
  }
  expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test("a recovery code works once under sixty parallel tries", async () => {
  const { recoveryCodes } = await enrolTotp(use.service, use.rp, "alice");
  const answers = await Promise.all(Array.from({ length: 60 }, () => verify(recoveryCodes[3])));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("case, spaces, hyphens and look-alike letters in a code do not count", async () => {
  const { recoveryCodes } = await enrolTotp(use.service, use.rp, "alice");
  const [first = "", second = ""] = recoveryCodes;
  const spoken = first.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "I");
  expect((await verify(spoken)).status).toBe(200);
  expect((await verify(second.replaceAll("-", ""))).status).toBe(200);
});

test("another subject's code is refused", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  const bob = await enrolTotp(use.service, use.rp, "bob");
  expect((await verify(bob.recoveryCodes[0])).body.code).toBe("answer_rejected");
});

test("a use is told as an event, and the set shows when it was used", async () => {
  const { recoveryCodes } = await enrolTotp(use.service, use.rp, "alice");
  await verify(recoveryCodes[0]);
  expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"recovery_code_used"');
  const list = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
  expect(list.body.authenticators).toContainEqual(
    expect.objectContaining({
      method: "recovery_code",
      recovery_codes_left: 9,
      last_used_at: "2026-11-23T08:00:30.000Z",
    }),
  );
});

test("only the first authenticator brings codes, and no later answer shows one", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const passkey = await enrolPasskey(use.service, use.rp, "alice", { proof });
  expect(passkey.recoveryCodes).toEqual([]);
  const list = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
  for (const code of totp.recoveryCodes) expect(list.text).not.toContain(code);
});

test("a new set kills every code of the old one, and is told as an event", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const renewed = await use.rp.post("/v1/recovery-codes/regenerate", { subject: "alice", proof });
  const fresh = renewed.body.recovery_codes;
  if (!Array.isArray(fresh)) throw new Error("no codes");
  expect(new Set([...fresh, ...totp.recoveryCodes]).size).toBe(20);
  for (const code of totp.recoveryCodes) {
    expect((await verify(code)).status).toBe(403);
    use.service.clock.advance(24 * 60 * 60 * 1000 * 4);
  }
  expect((await verify(fresh[0])).body.recovery_codes_left).toBe(9);
  expect((await use.rp.post("/v1/events/list", {})).text).toContain('"kind":"recovery_codes_renewed"');
});

test("a new set can be had by enrolment as well, shown at its confirmation", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const started = await use.rp.post("/v1/enrolments", { subject: "alice", method: "recovery_code", proof });
  expect(started.body).not.toHaveProperty("recovery_codes");
  expect((await verify(totp.recoveryCodes[0])).status).toBe(200);
  const path = `/v1/enrolments/${started.body.enrolment}/confirm`;
  const confirmed = await use.rp.post(path, {});
  expect(confirmed.body.recovery_codes).toHaveLength(10);
  expect(confirmed.body.authenticator).toMatchObject({ method: "recovery_code", recovery_codes_left: 10 });
  expect((await use.rp.post(path, {})).body.code).toBe("not_found");
  expect((await verify(totp.recoveryCodes[1])).status).toBe(403);
});

test("recovery codes are never all that a subject has", async () => {
  const refused = await use.rp.post("/v1/enrolments", { subject: "alice", method: "recovery_code" });
  expect(refused.body.detail).toBe("Recovery codes need another authenticator first.");
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  const started = await use.rp.post("/v1/enrolments", { subject: "alice", method: "recovery_code", proof });
  const last = await prove(use.rp, "alice", { totp: totp.next() });
  await use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator: totp.id, proof: last });
  const late = await use.rp.post(`/v1/enrolments/${started.body.enrolment}/confirm`, {});
  expect(late.body.code).toBe("answer_rejected");
  expect((await use.rp.post("/v1/subjects/status", { subject: "alice" })).body.enrolled).toBe(false);
});

test("codes end with the last other authenticator, and that is audited", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", { totp: totp.code() });
  await use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator: totp.id, proof });
  expect((await verify(totp.recoveryCodes[0])).status).toBe(403);
  expect((await use.rp.post("/v1/authenticators/list", { subject: "alice" })).body.authenticators).toEqual([]);
  const revoked = await use.service.deps.store.audit.list({ kind: "authenticator_revoked", limit: 9 });
  expect(revoked.map(({ method }) => method)).toEqual(["recovery_code", "totp"]);
});

test("codes stay while another authenticator does, and can be revoked alone", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const passkey = await enrolPasskey(use.service, use.rp, "alice", {
    proof: await prove(use.rp, "alice", { totp: totp.code() }),
  });
  const proof = () => prove(use.rp, "alice", (opened) => ({ webauthn: passkey.answer(opened) }));
  const revoke = async (authenticator: unknown) =>
    use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator, proof: await proof() });
  await revoke(totp.id);
  expect((await verify(totp.recoveryCodes[0])).status).toBe(200);
  const list = await use.rp.post("/v1/authenticators/list", { subject: "alice" });
  const [set] = JSON.parse(list.text).authenticators.filter((one: Json) => one.method === "recovery_code");
  expect((await revoke(set.id)).status).toBe(200);
  expect((await verify(totp.recoveryCodes[1])).status).toBe(403);
  expect((await use.rp.post("/v1/subjects/status", { subject: "alice" })).body.methods).toEqual(["webauthn"]);
});
