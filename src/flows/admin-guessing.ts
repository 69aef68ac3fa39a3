import { type AdminOutcome, done, refused } from "../domain/administrator.ts";
import type { Lane } from "../domain/guess-budget.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import { spendTouch, type Touch } from "./admin-touch.ts";
import { REALM_LANES, type RealmUse, realmUse } from "./realm-budget.ts";

/** A realm's budget of wrong codes in a lane, once half of it is used. */
export type RealmGuessing = RealmUse & Readonly<{ realmId: string; realmName: string; lane: Lane }>;

/** The realms in which somebody seems to guess across accounts. */
export async function listGuessing(deps: Deps, call: AdminCall): Promise<readonly RealmGuessing[]> {
  const realms = (await deps.store.realms.list()).filter(({ id }) => id !== ADMIN_REALM_ID);
  const found: RealmGuessing[] = [];
  for (const realm of realms) {
    for (const lane of REALM_LANES) {
      const use = await realmUse(deps, { realm, lane, nowMs: call.nowMs });
      if (use.wrong * 2 >= use.burst) found.push({ ...use, realmId: realm.id, realmName: realm.name, lane });
    }
  }
  return found;
}

/** Forgets what was guessed across a realm's accounts, after a fresh touch: codes are looked at again. */
export async function liftGuessing(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ realmId: string; lane: Lane; reason: string; touch: Touch }>,
): Promise<AdminOutcome<undefined>> {
  const { realmId, lane, reason } = input;
  const touched = await spendTouch(deps, call, { action: "lift_guessing" }, input.touch);
  if (!touched.ok) return touched;
  const guessing = await listGuessing(deps, call);
  if (!guessing.some((one) => one.realmId === realmId && one.lane === lane)) return refused("nothing_to_do");
  await deps.store.atomically([
    deps.store.realmBudgets.lift({ realmId, lane }),
    deps.store.audit.append(adminAudit(call, "guessing_alarm_lifted", { realmId, lane, reason })),
  ]);
  return done(undefined);
}
