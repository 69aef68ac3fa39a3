import { METHOD_NAMES, type Method } from "../domain/authenticator.ts";
import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import { auditOf, type Call } from "./call.ts";
import { spendProof } from "./proof.ts";
import { noteSight, resolveSubject, takeSight } from "./sights.ts";

export type SubjectStatus = Readonly<{ enrolled: boolean; methods: readonly Method[] }>;

/**
 * Whether a subject has authenticators, and of which methods. An answer that tells: it needs a scope of its own, and
 * whom it is about is counted.
 */
export async function subjectStatus(deps: Deps, call: Call, reference: string): Promise<Outcome<SubjectStatus>> {
  const lookup = resolveSubject(deps, call, reference);
  if (!lookup.ok) return lookup;
  const active = await deps.store.authenticators.listActive(lookup.value);
  const sight = await takeSight(deps, call, { subjectLookup: lookup.value, isKnown: active.length > 0 });
  if (!sight.ok) return sight;
  const present = new Set(active.map(({ method }) => method));
  return granted({ enrolled: active.length > 0, methods: METHOD_NAMES.filter((method) => present.has(method)) });
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
  const resolved = resolveSubject(deps, call, input.reference);
  if (!resolved.ok) return resolved;
  const lookup = resolved.value;
  noteSight(deps, call, lookup);
  if (input.reason === undefined && input.proof === undefined) {
    return denied("invalid_request", { detail: "Either proof or reason is needed." });
  }
  if (input.proof !== undefined) {
    const spent = await spendProof(deps, call, {
      lookup,
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
