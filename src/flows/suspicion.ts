import type { StoredAuditEvent } from "../domain/audit-event.ts";
import type { Method } from "../domain/authenticator.ts";
import type { Lane } from "../domain/guess-budget.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge, Write } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { lookupOfSession, reportingSubject } from "./end-sessions.ts";
import type { Session } from "./sessions.ts";

/** Why a password is probably known to somebody else: what came after it was right. */
type Cause = "answers_refused" | "challenge_declined";

export type RefusedAnswer = Readonly<{ lookup: string; lane: Lane; method: Method; inRow: number | undefined }>;

/**
 * What a refused answer adds to the audit log when the first factor was right and the second one was wrong several times
 * in a row: the person and the relying party are told (requirement H-10). The same for subjects that do not exist.
 */
export function suspectRefused(deps: Deps, call: Call, refused: RefusedAnswer): readonly Write[] {
  const { lookup: subjectLookup, lane, method, inRow = 0 } = refused;
  const { wrongInRow, againEvery } = call.realm.policy.suspicion;
  const isDue = inRow >= wrongInRow && (inRow - wrongInRow) % againEvery === 0;
  return lane === "proven" && isDue ? [suspect(deps, call, { subjectLookup, lane, method }, "answers_refused")] : [];
}

/** The same for a challenge that was declined after the first factor. */
export function suspectDeclined(deps: Deps, call: Call, challenge: StoredChallenge): readonly Write[] {
  const { subjectLookup, lane, firstFactor } = challenge;
  return firstFactor ? [suspect(deps, call, { subjectLookup, lane }, "challenge_declined")] : [];
}

/** The latest suspicion that the person has not answered yet. */
export async function openSuspicion({ store }: Deps, subjectLookup: string): Promise<StoredAuditEvent | undefined> {
  const [suspected] = await store.audit.list({ subjectLookup, kind: "password_suspected", limit: 1 });
  if (!suspected) return undefined;
  for (const kind of ["suspicion_confirmed", "suspicion_dismissed"] as const) {
    if ((await store.audit.list({ subjectLookup, kind, afterId: suspected.id, limit: 1 })).length > 0) return undefined;
  }
  return suspected;
}

/**
 * Writes down what the person says to it. "This was not me" is told to the relying party, and leaves of all that could
 * act for the person only this session.
 */
export async function answerSuspicion(deps: Deps, call: Call, session: Session, wasMe: boolean): Promise<void> {
  const kind = wasMe ? "suspicion_dismissed" : "suspicion_confirmed";
  const answered = deps.store.audit.append(auditOf(call, kind, { subjectLookup: lookupOfSession(session) }));
  await deps.store.atomically([answered, ...(wasMe ? [] : await reportingSubject(deps, call, session))]);
}

type About = Readonly<{ subjectLookup: string; lane: Lane; method?: Method }>;

function suspect(deps: Deps, call: Call, about: About, reason: Cause): Write {
  return deps.store.audit.append(auditOf(call, "password_suspected", { ...about, reason }));
}
