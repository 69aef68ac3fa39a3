import { denied, granted, type Outcome } from "../domain/denial.ts";
import type { Caller } from "../domain/relying-party.ts";
import type { Deps } from "../ports/deps.ts";

const USE_NOTED_EVERY_MS = 60_000;
const KEY = /^Bearer (cs_[A-Za-z0-9_-]{43})$/i;

/** The relying party behind an API key. Unknown, expired and revoked keys answer alike. */
export async function authenticateCaller(
  deps: Deps,
  authorization: string | null,
  nowMs: number,
): Promise<Outcome<Caller>> {
  const key = KEY.exec(authorization ?? "")?.[1];
  if (key === undefined) return denied("caller_unauthenticated");
  const caller = await deps.store.apiKeys.findUsable(deps.keyring.hash(key), nowMs);
  if (!caller) return denied("caller_unauthenticated");
  if (nowMs - (caller.lastUsedAtMs ?? 0) > USE_NOTED_EVERY_MS) {
    await deps.store.atomically([deps.store.apiKeys.noteUse(caller.keyId, nowMs)]);
  }
  return granted(caller);
}
