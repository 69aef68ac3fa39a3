import { type AdminOutcome, done, refused } from "../domain/administrator.ts";
import { LANES, type Lane } from "../domain/guess-budget.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredAuthenticator, Write } from "../ports/store.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import type { SubjectTarget } from "./admin-subjects.ts";
import { spendTouch, type Touch } from "./admin-touch.ts";
import { closureOf } from "./guess.ts";
import { mayHaveRecoveryCodes } from "./recovery-set.ts";

/** `reason` is what the administrator typed; the person can read it. */
type Change = Readonly<{ target: SubjectTarget; reason: string; touch: Touch }>;

/**
 * Revokes one authenticator of a subject, or all of them with the recovery codes, after a fresh touch. Either way every
 * session of the subject ends, pending enrolments and open links are dropped, and devices count no more (requirement
 * L-12); relying parties hear of it by event. Administrators themselves cannot be reset here.
 */
export async function resetSubject(
  deps: Deps,
  call: AdminCall,
  input: Change & Readonly<{ /** All of them when absent. */ authenticatorId?: string }>,
): Promise<AdminOutcome<undefined>> {
  const { target, reason, authenticatorId } = input;
  const guarded = guard(call, target);
  if (!guarded.ok) return guarded;
  const touched = await spendTouch(deps, call, { action: "reset", lookup: target.lookup }, input.touch);
  if (!touched.ok) return touched;
  if (!(await deps.store.subjects.find(target.lookup))) return refused("nothing_to_do");
  const revoked = authenticatorId && (await revokeOne(deps, call, { lookup: target.lookup, id: authenticatorId }));
  if (authenticatorId && !revoked) return refused("nothing_to_do");
  const about = revoked ? { authenticatorId: revoked.id, method: revoked.method } : {};
  const event = { ...placeOf(target), ...about, reason };
  await deps.store.atomically([
    ...(revoked ? [] : await revokeAll(deps, call, target.lookup)),
    ...endEverything(deps, call, target.lookup),
    deps.store.audit.append(adminAudit(call, "subject_reset", event)),
  ]);
  return done(undefined);
}

/** Opens a lane that is shut, after a fresh touch: every charge in it is forgotten. */
export async function liftLane(
  deps: Deps,
  call: AdminCall,
  input: Change & Readonly<{ lane: Lane }>,
): Promise<AdminOutcome<undefined>> {
  const { target, lane, reason } = input;
  const guarded = guard(call, target);
  if (!guarded.ok) return guarded;
  const touched = await spendTouch(deps, call, { action: "lift", lookup: target.lookup }, input.touch);
  if (!touched.ok) return touched;
  if (!(await isShut(deps, call, { target, lane }))) return refused("nothing_to_do");
  await deps.store.atomically([
    ...deps.store.guessBudgets.lift(target.lookup, lane),
    deps.store.audit.append(adminAudit(call, "budget_lifted", { ...placeOf(target), lane, reason })),
  ]);
  return done(undefined);
}

/** A lane by its name; undefined for anything else. */
export function readLane(text: string | undefined): Lane | undefined {
  return LANES.find((lane) => lane === text);
}

/** Administrators are no subjects of these pages: otherwise one could be reset by an equal, or by themself (L-11). */
function guard(call: AdminCall, { lookup, realmId }: SubjectTarget): AdminOutcome<undefined> {
  if (lookup === call.administrator.subjectLookup) return refused("own_account");
  return realmId === ADMIN_REALM_ID ? refused("forbidden") : done(undefined);
}

function placeOf({ lookup, rpId, realmId }: SubjectTarget) {
  return { realmId, rpId, subjectLookup: lookup };
}

/** Revokes one; with the last that is no recovery code, the codes go too. */
async function revokeOne(
  deps: Deps,
  call: AdminCall,
  of: Readonly<{ lookup: string; id: string }>,
): Promise<StoredAuthenticator | undefined> {
  const revoked = await deps.store.authenticators.revoke(of.id, of.lookup, call.nowMs);
  if (!revoked) return undefined;
  const left = await deps.store.authenticators.listActive(of.lookup);
  await deps.store.atomically([
    ...(revoked.method === "recovery_code" ? [deps.store.recoveryCodes.eraseSet(revoked.id)] : []),
    deps.store.guessBudgets.forgetCodes(of.lookup, revoked.id),
    ...(mayHaveRecoveryCodes(left) ? [] : await revokeAll(deps, call, of.lookup)),
  ]);
  return revoked;
}

async function revokeAll(deps: Deps, call: AdminCall, lookup: string): Promise<readonly Write[]> {
  const sets = await deps.store.authenticators.listUsable(lookup, "recovery_code");
  return [
    deps.store.authenticators.revokeAll(lookup, call.nowMs),
    deps.store.guessBudgets.forgetCodes(lookup),
    ...sets.map(({ id }) => deps.store.recoveryCodes.eraseSet(id)),
  ];
}

function endEverything(deps: Deps, call: AdminCall, lookup: string): readonly Write[] {
  return [
    deps.store.authenticators.dropPending(lookup),
    deps.store.sessions.endAll(lookup),
    deps.store.grants.dropOf(lookup),
    deps.store.devices.revokeAll(lookup, call.nowMs),
  ];
}

async function isShut(
  deps: Deps,
  call: AdminCall,
  { target, lane }: Readonly<{ target: SubjectTarget; lane: Lane }>,
): Promise<boolean> {
  const { policy } = await deps.realms.get(target.realmId);
  const budgets = await deps.store.guessBudgets.listOf(target.lookup);
  return budgets.some((one) => one.lane === lane && closureOf(one, policy.budgets[lane], call.nowMs) !== undefined);
}
