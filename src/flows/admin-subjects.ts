import type { StoredAuditEvent } from "../domain/audit-event.ts";
import { fromUtf8, toUtf8 } from "../domain/encoding.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator, StoredBudget } from "../ports/store.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import { type Closure, closureOf } from "./guess.ts";
import { lookupOf } from "./subject.ts";

const EVENTS_SHOWN = 20;

/** A subject as an administrator looks at it: by keyed hash only, and through one relying party. */
export type SubjectTarget = Readonly<{ lookup: string; rpId: string; realmId: string }>;

export type SubjectDescription = Readonly<{
  target: SubjectTarget;
  authenticators: readonly StoredAuthenticator[];
  /** Undefined when the subject has no set. */
  recoveryCodesLeft: number | undefined;
  budgets: readonly (StoredBudget & Readonly<{ closure: Closure | undefined }>)[];
  events: readonly StoredAuditEvent[];
}>;

/**
 * Finds a subject by the exact reference (normalised) that the relying party uses, and writes down that somebody looked.
 * Undefined when there is no such relying party, or when it is of the administrators' own realm. A subject that does not
 * exist is found too, with nothing in it.
 */
export async function lookUpSubject(
  deps: Deps,
  call: AdminCall,
  of: Readonly<{ rpId: string; reference: string }>,
): Promise<SubjectTarget | undefined> {
  const rp = await deps.store.relyingParties.find(of.rpId);
  if (!rp || rp.realmId === ADMIN_REALM_ID) return undefined;
  const lookup = lookupOf(deps.keyring, rp.realmId, of.reference);
  const target = { lookup, rpId: rp.id, realmId: rp.realmId };
  await noteLook(deps, call, target);
  return target;
}

/** Writes down that an administrator looked at a subject. */
export async function noteLook(deps: Deps, call: AdminCall, { lookup, rpId, realmId }: SubjectTarget): Promise<void> {
  const about = { realmId, rpId, subjectLookup: lookup };
  await deps.store.atomically([deps.store.audit.append(adminAudit(call, "administrator_looked_up", about))]);
}

/** What an administrator may see of a subject: kinds, states, counts and what happened; never a secret. */
export async function describeSubject(deps: Deps, call: AdminCall, target: SubjectTarget): Promise<SubjectDescription> {
  const { lookup, realmId } = target;
  const authenticators = await deps.store.authenticators.listActive(lookup);
  const set = authenticators.find(({ method }) => method === "recovery_code");
  const { policy } = await deps.realms.get(realmId);
  const budgets = await deps.store.guessBudgets.listOf(lookup);
  return {
    target,
    authenticators,
    recoveryCodesLeft: set && (await deps.store.recoveryCodes.countLeft(set.id)),
    budgets: budgets.map((one) => ({ ...one, closure: closureOf(one, policy.budgets[one.lane], call.nowMs) })),
    events: await deps.store.audit.list({ subjectLookup: lookup, limit: EVENTS_SHOWN }),
  };
}

/** The subject as a form carries it on: sealed to this session, so that no reference or pseudonym stands in the page. */
export function sealTarget(deps: Deps, call: AdminCall, target: SubjectTarget): string {
  return deps.keyring.seal(targetContext(call), toUtf8(JSON.stringify(target)));
}

/** The subject that a form of this session names; undefined for anything that was not sealed for it. */
export function openTarget(deps: Deps, call: AdminCall, sealed: string | undefined): SubjectTarget | undefined {
  try {
    // Authenticated encryption: it is what `sealTarget` wrote.
    return JSON.parse(fromUtf8(deps.keyring.open(targetContext(call), sealed ?? ""))) as SubjectTarget;
  } catch {
    return undefined;
  }
}

function targetContext(call: AdminCall) {
  return { table: "sessions", column: "target", row: call.sessionId } as const;
}
