import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { suspectDeclined } from "./suspicion.ts";

/** Closes a challenge that the person does not want to answer; false when it was closed already. */
export async function declineChallenge(deps: Deps, call: Call, challenge: StoredChallenge): Promise<boolean> {
  if (!(await deps.store.challenges.deny(challenge.id, call.nowMs))) return false;
  const about = { subjectLookup: challenge.subjectLookup, lane: challenge.lane };
  await deps.store.atomically([
    deps.store.audit.append(auditOf(call, "challenge_declined", about)),
    ...suspectDeclined(deps, call, challenge),
  ]);
  return true;
}
