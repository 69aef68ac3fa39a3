import { METHOD_NAMES, type Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import { auditOf, type Call } from "./call.ts";
import { spendProof } from "./proof.ts";
import { lookupOf } from "./subject.ts";

export type SubjectStatus = Readonly<{ enrolled: boolean; methods: readonly Method[] }>;

/** Whether a subject has authenticators, and of which methods. The one answer that tells; it needs a scope of its own. */
export async function subjectStatus(deps: Deps, call: Call, reference: string): Promise<SubjectStatus> {
  const active = await deps.store.authenticators.listActive(lookupOf(deps.keyring, call.realm.id, reference));
  const present = new Set(active.map(({ method }) => method));
  return { enrolled: active.length > 0, methods: METHOD_NAMES.filter((method) => present.has(method)) };
}

/**
 * Erases a subject with everything that is theirs; the pseudonymous audit log and the guess budgets stay. Without a
 * proof by the subject a reason has to be given, which goes into the audit log.
 */
export async function deleteSubject(
  deps: Deps,
  call: Call,
  input: Readonly<{ reference: string; proof?: string; reason?: string }>,
): Promise<Outcome<undefined>> {
  const lookup = lookupOf(deps.keyring, call.realm.id, input.reference);
  if (input.reason === undefined && input.proof === undefined) {
    return denied("invalid_request", { detail: "Either proof or reason is needed." });
  }
  if (input.proof !== undefined) {
    const active = await deps.store.authenticators.listActive(lookup);
    const spent = await spendProof(deps, call, {
      lookup,
      active,
      proof: { challenge: input.proof, purpose: "verify" },
    });
    if (!spent.ok) return spent;
  }
  await deps.store.atomically([
    ...deps.store.subjects.erase(lookup),
    deps.store.audit.append(auditOf(call, "subject_deleted", { subjectLookup: lookup, reason: input.reason ?? null })),
  ]);
  return granted(undefined);
}
