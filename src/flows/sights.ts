import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Lane } from "../domain/guess-budget.ts";
import { SCAN_RETRY_SECONDS, SCAN_WINDOW_MS } from "../domain/scan.ts";
import type { Deps } from "../ports/deps.ts";
import type { Sight } from "../ports/sight-log.ts";
import type { Call } from "./call.ts";
import { lookupOf } from "./subject.ts";

/**
 * The lookup of the subject that a relying party names. While the scan alarm has stopped its key that is refused before
 * anything is looked at, known and unknown alike.
 */
export function resolveSubject(deps: Pick<Deps, "keyring">, call: Call, reference: string): Outcome<string> {
  return isStopped(call) ? refuseStopped() : granted(lookupOf(deps.keyring, call.realm.id, reference));
}

/** The same where a lane was chosen first: a scan has no device that a subject has succeeded from, so those go on. */
export function admitLane(call: Call, lane: Lane): Outcome<undefined> {
  return isStopped(call) && lane !== "device" ? refuseStopped() : granted(undefined);
}

/**
 * Leaves behind whom an answer is about. It is counted after the answer, since this answer tells nothing: whether the
 * subject is known costs no statement here, and makes no difference.
 */
export function noteSight(deps: Pick<Deps, "sights">, call: Call, subjectLookup: string, isKnown = false): void {
  const { key, rpId, realm, nowMs, requestId } = call;
  if (key) deps.sights.note({ keyId: key.id, rpId, realmId: realm.id, subjectLookup, isKnown, atMs: nowMs, requestId });
}

export type Told = Readonly<{
  subjectLookup: string;
  isKnown: boolean;
  /** Another key than the call's: pages count for the key that asked for their link. */
  keyId?: string;
}>;

/**
 * Counts a subject before an answer that tells whether it is known, so that not one more is told than the policy allows.
 * Known ones count as well, since they are what somebody with a list is after.
 */
export async function takeSight(deps: Deps, call: Call, told: Told): Promise<Outcome<undefined>> {
  const { subjectLookup, isKnown, keyId = call.key?.id } = told;
  if (keyId === undefined) return granted(undefined);
  const { rpId, realm, nowMs, requestId } = call;
  const sight = { keyId, rpId, realmId: realm.id, subjectLookup, isKnown, atMs: nowMs, requestId };
  return (await countSight(deps, sight)) ? granted(undefined) : refuseStopped();
}

/**
 * Counts a subject, once an hour for each key that asks. False when that was one too many, which stops the key
 * and raises the alarm, or when it is stopped already.
 */
export async function countSight(deps: Deps, sight: Sight): Promise<boolean> {
  const { keyId, rpId, realmId, subjectLookup, isKnown, atMs } = sight;
  const sighting = { keyId, subjectLookup, isKnown, nowMs: atMs, sinceMs: atMs - SCAN_WINDOW_MS };
  if (!(await deps.store.sights.add(sighting))) return true;
  const rp = await deps.store.relyingParties.find(rpId);
  const { policy } = await deps.realms.get(realmId);
  const limit = rp?.unknownPerHour ?? policy.scan.unknownPerHour;
  const taken = await deps.store.apiKeys.takeSight(keyId, { isKnown, limit, nowMs: atMs });
  if (taken === "counted" && !isKnown) deps.sights.noteFirst();
  if (taken === "stopped") await raiseAlarm(deps, sight);
  return taken === "counted";
}

/** A subject who has an authenticator from now on counts as unknown for nobody. */
export async function forgetSights(deps: Pick<Deps, "store">, subjectLookup: string): Promise<void> {
  const keys = await deps.store.sights.forget(subjectLookup);
  await deps.store.atomically(keys.map((id) => deps.store.apiKeys.giveUnknownBack(id)));
}

/** `reason` is the key's id. */
async function raiseAlarm(deps: Deps, { keyId, rpId, realmId, atMs, requestId }: Sight): Promise<void> {
  const alarm = { kind: "scan_alarm", atMs, realmId, rpId, requestId, reason: keyId } as const;
  await deps.store.atomically([deps.store.audit.append(alarm)]);
  deps.logger.warn("scan_alarm", { requestId, keyId });
}

function isStopped({ key }: Call): boolean {
  return key?.isStopped ?? false;
}

function refuseStopped(): Extract<Outcome<undefined>, { ok: false }> {
  return denied("rate_limited", {
    detail: "This key has asked about too many unknown subjects. An administrator has to lift the scan alarm.",
    retryAfterSeconds: SCAN_RETRY_SECONDS,
  });
}
