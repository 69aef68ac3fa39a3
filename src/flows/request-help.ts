import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { declineChallenge } from "./decline-challenge.ts";

/**
 * Somebody has lost every way to answer: closes the challenge, and tells the relying party by event and the
 * administrators by the audit log. Once a challenge, and alike for subjects that do not exist; it changes nothing of theirs.
 */
export async function requestHelp(deps: Deps, call: Call, challenge: StoredChallenge): Promise<boolean> {
  if (!(await declineChallenge(deps, call, challenge))) return false;
  const { subjectLookup, lane } = challenge;
  await deps.store.atomically([deps.store.audit.append(auditOf(call, "help_requested", { subjectLookup, lane }))]);
  return true;
}
