import { toBase64url } from "../domain/encoding.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { CHALLENGE_ATTEMPTS, CHALLENGE_BYTES, CHALLENGE_MS } from "./open-challenge.ts";

/**
 * Opens an expired challenge again, on its terms and under its id, so that the relying party gets back the challenge it
 * opened. Guess budgets go on counting where they were. Undefined when it is not one that expired.
 */
export async function restartChallenge(
  deps: Deps,
  call: Call,
  { id, subjectLookup, lane }: StoredChallenge,
): Promise<StoredChallenge | undefined> {
  const fresh = {
    webauthnChallenge: toBase64url(deps.random.bytes(CHALLENGE_BYTES)),
    attemptsLeft: CHALLENGE_ATTEMPTS,
    expiresAtMs: call.nowMs + CHALLENGE_MS,
  };
  const renewed = await deps.store.challenges.renew(id, call.rpId, fresh, call.nowMs);
  if (renewed) {
    await deps.store.atomically([deps.store.audit.append(auditOf(call, "challenge_opened", { subjectLookup, lane }))]);
  }
  return renewed;
}
