import { describe, expect, test } from "vitest";
import { type EnrolledTotp, enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "../support/enrol.ts";
import type { Answer, Json } from "../support/service.ts";
import { useService } from "../support/use-service.ts";

const use = useService();

/** What needs a proof by the subject, as a request that would succeed with a good one. */
const CHANGES: readonly (readonly [string, (totp: EnrolledTotp) => Json])[] = [
  ["/v1/enrolments", () => ({ method: "totp" })],
  ["/v1/enrolments", () => ({ method: "webauthn" })],
  ["/v1/enrolments", () => ({ method: "recovery_code" })],
  ["/v1/authenticators/revoke", ({ id }) => ({ authenticator: id })],
  ["/v1/recovery-codes/regenerate", () => ({})],
  ["/v1/subjects/delete", () => ({})],
];

describe.each(CHANGES)("%s %#", (path, terms) => {
  const change = (totp: EnrolledTotp, proof: unknown): Promise<Answer> =>
    use.rp.post(path, { subject: "alice", ...terms(totp), proof });

  async function expectUnproven(totp: EnrolledTotp, proof: unknown): Promise<void> {
    const refused = await change(totp, proof);
    expect([refused.status, refused.body.code]).toEqual([409, "step_up_required"]);
  }

  test("takes a proof at most five minutes old, once", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const old = await prove(use.rp, "alice", { totp: totp.code() });
    use.service.clock.advance(5 * 60_000 + 1);
    await expectUnproven(totp, old);
    const proof = await prove(use.rp, "alice", { totp: totp.code() });
    use.service.clock.advance(5 * 60_000);
    expect((await change(totp, proof)).status).toBeLessThan(300);
    const again = await change(totp, proof);
    expect(again.status).toBeGreaterThanOrEqual(400);
  });

  test("takes no challenge that is unanswered, wrongly answered or another's", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const bob = await enrolTotp(use.service, use.rp, "bob");
    const sibling = await use.service.addRelyingParty();
    const pending = textIn(await openChallenge(use.rp, "alice"), "challenge");
    await expectUnproven(totp, pending);
    await use.rp.post("/v1/verify", { challenge: pending, totp: totp.wrong() });
    await expectUnproven(totp, pending);
    await expectUnproven(totp, await prove(use.rp, "bob", { totp: bob.next() }));
    await expectUnproven(totp, await prove(sibling, "alice", { totp: totp.code() }));
    await expectUnproven(totp, `ch_${"0".repeat(26)}`);
    expect(await use.service.deps.store.audit.list({ kind: "proof_rejected", limit: 9 })).toHaveLength(5);
  });

  test("takes no proof weaker than the subject's strongest, but a recovery code in its place", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", { totp: totp.code() });
    await enrolPasskey(use.service, use.rp, "alice", { proof });
    await expectUnproven(totp, await prove(use.rp, "alice", { totp: totp.next() }));
    const recovery_code = totp.recoveryCodes[0];
    expect((await change(totp, await prove(use.rp, "alice", { recovery_code }))).status).toBeLessThan(300);
  });

  test("takes one proof for one change, also when two come at once", async () => {
    const totp = await enrolTotp(use.service, use.rp, "alice");
    const proof = await prove(use.rp, "alice", { totp: totp.code() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(totp, proof)));
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
  });
});

test("a second authenticator without any proof is refused, whatever the method", async () => {
  await enrolTotp(use.service, use.rp, "alice");
  for (const method of ["totp", "webauthn", "recovery_code"]) {
    const refused = await use.rp.post("/v1/enrolments", { subject: "alice", method });
    expect(refused.body.code).toBe("step_up_required");
  }
});

test("a passkey proves any change", async () => {
  const passkey = await enrolPasskey(use.service, use.rp, "alice");
  const proof = await prove(use.rp, "alice", (opened) => ({ webauthn: passkey.answer(opened) }));
  const renewed = await use.rp.post("/v1/recovery-codes/regenerate", { subject: "alice", proof });
  expect(renewed.status).toBe(200);
});

test("a proof refused for being too weak is used up", async () => {
  const totp = await enrolTotp(use.service, use.rp, "alice");
  const passkey = await enrolPasskey(use.service, use.rp, "alice", {
    proof: await prove(use.rp, "alice", { totp: totp.code() }),
  });
  const weak = await prove(use.rp, "alice", { totp: totp.next() });
  await use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator: passkey.id, proof: weak });
  const proof = await prove(use.rp, "alice", (opened) => ({ webauthn: passkey.answer(opened) }));
  await use.rp.post("/v1/authenticators/revoke", { subject: "alice", authenticator: passkey.id, proof });
  const again = await use.rp.post("/v1/recovery-codes/regenerate", { subject: "alice", proof: weak });
  expect(again.body.code).toBe("step_up_required");
});
