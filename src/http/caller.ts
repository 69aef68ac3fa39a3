import { denied, granted, type Outcome } from "../domain/denial.ts";
import { afterwards, type Eventual } from "../domain/eventual.ts";
import type { Caller } from "../domain/relying-party.ts";
import type { Deps } from "../ports/deps.ts";

const USE_NOTED_EVERY_MS = 60_000;
const KEY = /^Bearer (cs_[A-Za-z0-9_-]{43})$/i;

/** The relying party behind an API key. Unknown, expired and revoked keys answer alike. */
export function authenticateCaller(deps: Deps, authorization: string | null, nowMs: number): Eventual<Outcome<Caller>> {
  const key = KEY.exec(authorization ?? "")?.[1];
  if (key === undefined) return denied("caller_unauthenticated");
  return afterwards(deps.store.apiKeys.findUsable(deps.keyring.hash(key), nowMs), (caller) => {
    if (!caller) return denied("caller_unauthenticated");
    const isNoted = nowMs - (caller.lastUsedAtMs ?? 0) <= USE_NOTED_EVERY_MS;
    const noted = isNoted ? undefined : deps.store.atomically([deps.store.apiKeys.noteUse(caller.keyId, nowMs)]);
    return afterwards(noted, () => granted(caller));
  });
}
