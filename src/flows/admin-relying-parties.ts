import { type AdminOutcome, done, refused } from "../domain/administrator.ts";
import type { Deps } from "../ports/deps.ts";
import type { AdminCall } from "./admin-call.ts";
import { spendTouch, type Touch } from "./admin-touch.ts";
import { revokeRelyingParty } from "./relying-parties.ts";

/** Revokes a relying party with all its keys, after a fresh touch. It cannot be undone. */
export async function revokeWithTouch(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ rpId: string; touch: Touch }>,
): Promise<AdminOutcome<undefined>> {
  const touched = await spendTouch(deps, call, { action: "revoke", rpId: input.rpId }, input.touch);
  if (!touched.ok) return touched;
  const { requestId, nowMs, administrator } = call;
  const revoked = await revokeRelyingParty(deps, { requestId, nowMs, actor: administrator.id }, input.rpId);
  return revoked.ok ? done(undefined) : refused("nothing_to_do");
}
