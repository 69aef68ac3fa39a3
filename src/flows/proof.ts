import { METHOD_NAMES, type Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator, StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";

/** A proof is at most this old (requirements T-10, L-01). */
export const PROOF_MS = 5 * 60 * 1000;

export type Proof = Readonly<{ challenge: string; purpose: string }>;

/**
 * Uses up a satisfied challenge as the proof for one change. Anything that does not fit, or was weaker than the
 * subject's strongest authenticator, is `step_up_required`, whatever the reason. The subject's authenticators are read
 * only for a proof that was theirs: a refusal takes the same time whether there are any.
 */
export async function spendProof(
  deps: Deps,
  call: Call,
  of: Readonly<{ lookup: string; proof: Proof | undefined }>,
): Promise<Outcome<StoredChallenge>> {
  const spent = of.proof && (await spendChallenge(deps, call, of.lookup, of.proof));
  if (spent && isStrongEnough(spent, await deps.store.authenticators.listActive(of.lookup))) return granted(spent);
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "proof_rejected", { subjectLookup: of.lookup }))]);
  return denied("step_up_required");
}

function spendChallenge(deps: Deps, call: Call, lookup: string, proof: Proof): Promise<StoredChallenge | undefined> {
  const { rpId, nowMs } = call;
  const by = { rpId, subjectLookup: lookup, purpose: proof.purpose, sinceMs: nowMs - PROOF_MS, nowMs };
  return deps.store.challenges.spendProof(proof.challenge, by);
}

/** Whether what was proven is enough for a change. */
export function isStrongEnough(
  proof: Readonly<{ method: Method | null }>,
  active: readonly StoredAuthenticator[],
): boolean {
  return proof.method !== null && strongMethods(active).includes(proof.method);
}

/**
 * Changes need the strongest authenticator that the subject has (NIST SP 800-63B-4 §4.1.2.1); a recovery code stands in
 * for one that is lost.
 */
export function strongMethods(active: readonly StoredAuthenticator[]): readonly Method[] {
  const hasPasskey = active.some(({ method }) => method === "webauthn");
  return hasPasskey ? ["webauthn", "recovery_code"] : METHOD_NAMES;
}
