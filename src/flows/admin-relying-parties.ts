import { type AdminOutcome, done, refused } from "../domain/administrator.ts";
import { LIMIT_BOUNDS } from "../domain/realm-limits.ts";
import type { Deps } from "../ports/deps.ts";
import type { AdminCall } from "./admin-call.ts";
import { spendTouch, type Touch } from "./admin-touch.ts";
import { type Actor, liftScanAlarm, limitUnknown, revokeRelyingParty } from "./relying-parties.ts";

/** Revokes a relying party with all its keys, after a fresh touch. It cannot be undone. */
export async function revokeWithTouch(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ rpId: string; touch: Touch }>,
): Promise<AdminOutcome<undefined>> {
  const touched = await spendTouch(deps, call, { action: "revoke", rpId: input.rpId }, input.touch);
  if (!touched.ok) return touched;
  const revoked = await revokeRelyingParty(deps, actorOf(call), input.rpId);
  return revoked.ok ? done(undefined) : refused("nothing_to_do");
}

/** Lets the keys go on that the scan alarm has stopped, after a fresh touch and for a reason. */
export async function liftWithTouch(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ rpId: string; reason: string; touch: Touch }>,
): Promise<AdminOutcome<undefined>> {
  const touched = await spendTouch(deps, call, { action: "lift_scan", rpId: input.rpId }, input.touch);
  if (!touched.ok) return touched;
  const lifted = await liftScanAlarm(deps, actorOf(call), input);
  return lifted.ok ? done(undefined) : refused("nothing_to_do");
}

/** Sets how many unknown subjects each key may ask about in an hour, after a fresh touch; null is the realm's number. */
export async function limitWithTouch(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ rpId: string; limit: number | null; touch: Touch }>,
): Promise<AdminOutcome<undefined>> {
  const touched = await spendTouch(deps, call, { action: "limit_unknown", rpId: input.rpId }, input.touch);
  if (!touched.ok) return touched;
  const limited = await limitUnknown(deps, actorOf(call), input);
  return limited.ok ? done(undefined) : refused("nothing_to_do");
}

/** A limit as it was typed: empty is null, the realm's number; undefined for what is no such number. */
export function readLimit(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const limit = /^\d{1,7}$/.test(text.trim()) ? Number(text) : 0;
  const { min, max } = LIMIT_BOUNDS.scan.unknownPerHour;
  return limit >= min && limit <= max ? limit : undefined;
}

function actorOf({ requestId, nowMs, administrator }: AdminCall): Actor {
  return { requestId, nowMs, actor: administrator.id };
}
