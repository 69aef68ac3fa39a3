import { denied, granted, type Outcome } from "../domain/denial.ts";
import { deviationsOf } from "../domain/realm.ts";
import { type Limits, type LimitsChange, limitsOf, outOfBounds, withLimits } from "../domain/realm-limits.ts";
import type { Deps } from "../ports/deps.ts";
import type { Actor } from "./relying-parties.ts";

/**
 * Changes how much may be asked and guessed in a realm; what is not named stays. Running services follow within seconds.
 * Denies what is out of bounds, and an unknown realm.
 */
export async function changeLimits(
  deps: Pick<Deps, "store">,
  by: Actor,
  { realmId, change }: Readonly<{ realmId: string; change: LimitsChange }>,
): Promise<Outcome<Limits>> {
  const realm = await deps.store.realms.find(realmId);
  if (!realm) return denied("not_found", { detail: "There is no such realm." });
  const wrong = outOfBounds(change);
  if (wrong !== undefined) return denied("invalid_request", { detail: wrong });
  const policy = withLimits(realm.policy, change);
  const { nowMs: atMs, actor, requestId } = by;
  await deps.store.atomically([
    deps.store.realms.setPolicy(realmId, deviationsOf(policy)),
    deps.store.audit.append({ atMs, kind: "realm_limits_changed", realmId, actor, requestId }),
  ]);
  return granted(limitsOf(policy));
}
