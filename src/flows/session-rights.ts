import type { StoredAuthenticator } from "../ports/store.ts";
import { isStrongEnough, PROOF_MS } from "./proof.ts";
import type { Session } from "./sessions.ts";

/**
 * Whether the session may change authenticators now: a live session alone is not enough, it takes a proof of at most
 * five minutes ago that was strong enough (requirements L-01, S-09).
 */
export function mayChange(session: Session, active: readonly StoredAuthenticator[], nowMs: number): boolean {
  const { provenAtMs, provenMethod } = session.stored;
  const isFresh = provenAtMs !== null && nowMs - provenAtMs <= PROOF_MS;
  return isFresh && isStrongEnough({ method: provenMethod }, active);
}

/** Whether the session may add an authenticator now: for the first one the relying party's word is enough. */
export function mayEnrol(session: Session, active: readonly StoredAuthenticator[], nowMs: number): boolean {
  return active.length === 0 || mayChange(session, active, nowMs);
}
