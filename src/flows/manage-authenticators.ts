import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { spendProof } from "./proof.ts";
import { mayHaveRecoveryCodes } from "./recovery-set.ts";
import { noteSight, resolveSubject, takeSight } from "./sights.ts";

export type SubjectInput = Readonly<{ /** Normalised reference. */ reference: string }>;

/** A subject's active authenticators, recovery codes included; none for a subject we do not know. It tells: it is counted. */
export async function listAuthenticators(
  deps: Deps,
  call: Call,
  input: SubjectInput,
): Promise<Outcome<readonly StoredAuthenticator[]>> {
  const lookup = resolveSubject(deps, call, input.reference);
  if (!lookup.ok) return lookup;
  const active = await deps.store.authenticators.listActive(lookup.value);
  const sight = await takeSight(deps, call, { subjectLookup: lookup.value, isKnown: active.length > 0 });
  return sight.ok ? granted(active) : sight;
}

/** Renames an authenticator for a relying party. */
export async function renameForRelyingParty(
  deps: Deps,
  call: Call,
  input: SubjectInput & Readonly<{ authenticatorId: string; label: string }>,
): Promise<Outcome<undefined>> {
  const lookup = resolveSubject(deps, call, input.reference);
  if (!lookup.ok) return lookup;
  noteSight(deps, call, lookup.value);
  const { authenticatorId, label } = input;
  return renameAuthenticator(deps, call, { lookup: lookup.value, authenticatorId, label });
}

/** Renames an authenticator of the subject; another's answers as if absent. */
export async function renameAuthenticator(
  deps: Deps,
  call: Call,
  input: Readonly<{ lookup: string; authenticatorId: string; label: string }>,
): Promise<Outcome<undefined>> {
  const { lookup, authenticatorId, label } = input;
  if (!(await deps.store.authenticators.rename(authenticatorId, lookup, label))) return denied("not_found");
  const about = { subjectLookup: lookup, authenticatorId };
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "authenticator_renamed", about))]);
  return granted(undefined);
}

/** Revokes an authenticator for a relying party that shows a proof. */
export async function revokeWithProof(
  deps: Deps,
  call: Call,
  input: SubjectInput & Readonly<{ authenticatorId: string; proof: string }>,
): Promise<Outcome<undefined>> {
  const resolved = resolveSubject(deps, call, input.reference);
  if (!resolved.ok) return resolved;
  const lookup = resolved.value;
  noteSight(deps, call, lookup);
  const spent = await spendProof(deps, call, { lookup, proof: { challenge: input.proof, purpose: "verify" } });
  if (!spent.ok) return spent;
  return revokeAuthenticator(deps, call, { lookup, authenticatorId: input.authenticatorId });
}

/**
 * Revokes an authenticator at once. With the last one that is not a recovery code, the codes go too: they would
 * otherwise be all that a sign-in needs.
 */
export async function revokeAuthenticator(
  deps: Deps,
  call: Call,
  input: Readonly<{ lookup: string; authenticatorId: string }>,
): Promise<Outcome<undefined>> {
  const { lookup, authenticatorId } = input;
  const revoked = await deps.store.authenticators.revoke(authenticatorId, lookup, call.nowMs);
  if (!revoked) return denied("not_found");
  const about = { subjectLookup: lookup, authenticatorId, method: revoked.method };
  await deps.store.atomically([
    ...(revoked.method === "recovery_code" ? [deps.store.recoveryCodes.eraseSet(revoked.id)] : []),
    deps.store.guessBudgets.forgetCodes(lookup, revoked.id),
    deps.store.audit.append(auditOf(call, "authenticator_revoked", about)),
  ]);
  await revokeOrphanedCodes(deps, call, lookup);
  return granted(undefined);
}

async function revokeOrphanedCodes(deps: Deps, call: Call, lookup: string): Promise<void> {
  const left = await deps.store.authenticators.listActive(lookup);
  if (mayHaveRecoveryCodes(left)) return;
  for (const { id, method } of left) {
    if (!(await deps.store.authenticators.revoke(id, lookup, call.nowMs))) continue;
    const about = { subjectLookup: lookup, authenticatorId: id, method };
    await deps.store.atomically([
      deps.store.recoveryCodes.eraseSet(id),
      deps.store.audit.append(auditOf(call, "authenticator_revoked", about)),
    ]);
  }
}
