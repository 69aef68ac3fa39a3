import type { Assurance } from "../domain/assurance.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { issueDeviceToken } from "./device.ts";
import { PROOF_MS } from "./proof.ts";
import { publicSubjectId } from "./subject.ts";
import type { Verdict } from "./verify.ts";
import { closedDenial, deviceOf } from "./verify-target.ts";

/**
 * The verdict on a challenge that the person answered on our page: handed to the relying party that opened it, once,
 * within five minutes. A challenge still open is `answer_rejected`: nothing is verified yet.
 */
export async function redeemChallenge(
  deps: Deps,
  call: Call,
  { challenge: id, rememberDevice }: Readonly<{ challenge: string; rememberDevice: boolean }>,
): Promise<Outcome<Verdict>> {
  const challenge = await deps.store.challenges.redeem(id, call.rpId, call.nowMs - PROOF_MS, call.nowMs);
  if (!challenge) return refuse(deps, call, id);
  const { subjectLookup, method, authenticatorId, satisfiedAtMs } = challenge;
  if (method === null || authenticatorId === null || satisfiedAtMs === null)
    throw new Error("a satisfied challenge without its method");
  await deps.store.atomically([
    deps.store.audit.append(auditOf(call, "challenge_redeemed", { subjectLookup, method })),
  ]);
  const known = deviceOf(challenge);
  return granted({
    challenge: id,
    subjectId: publicSubjectId(deps.keyring, call.rpId, subjectLookup),
    method,
    authenticatorId,
    assurance: assuranceIn(challenge),
    authTimeMs: satisfiedAtMs,
    deviceToken:
      rememberDevice || known ? await issueDeviceToken(deps, call, { lookup: subjectLookup, known }) : undefined,
  });
}

async function refuse(deps: Deps, call: Call, id: string): Promise<Outcome<Verdict>> {
  const challenge = await deps.store.challenges.find(id, call.rpId);
  if (!challenge) return denied("challenge_unknown");
  if (challenge.status === "pending" && challenge.expiresAtMs > call.nowMs && challenge.attemptsLeft > 0) {
    return denied("answer_rejected", { attemptsLeft: challenge.attemptsLeft });
  }
  return { ok: false, denial: closedDenial(challenge, call.nowMs) };
}

function assuranceIn({ acr, amr, userVerified, method }: StoredChallenge): Assurance {
  if (acr === null) throw new Error("a satisfied challenge without its acr");
  return { acr, amr: amr ?? [], userVerified: userVerified ?? false, phishingResistant: method === "webauthn" };
}
