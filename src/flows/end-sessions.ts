import type { Deps } from "../ports/deps.ts";
import type { Write } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import type { Session } from "./sessions.ts";

/** After recovery (requirement L-12): the person's other sessions end, and enrolments that others may have begun. */
export async function endOthers(deps: Deps, call: Call, session: Session): Promise<void> {
  await deps.store.atomically(await endingOthers(deps, call, session));
}

/**
 * "This was not me": tells the relying party, and leaves of all that could act for the person only this session.
 * Authenticators stay, since the person may need them.
 */
export async function reportSubject(deps: Deps, call: Call, session: Session): Promise<void> {
  await deps.store.atomically(await reportingSubject(deps, call, session));
}

/** The writes of a report, to be carried out with others. */
export async function reportingSubject(deps: Deps, call: Call, session: Session): Promise<readonly Write[]> {
  const lookup = lookupOfSession(session);
  return [
    ...(await endingOthers(deps, call, session)),
    deps.store.devices.revokeAll(lookup, call.nowMs),
    deps.store.grants.dropOf(lookup),
    deps.store.audit.append(auditOf(call, "subject_reported", { subjectLookup: lookup })),
  ];
}

/** Signs out: ends the session, and the enrolment sessions that an account session may have opened. */
export async function signOut(deps: Deps, call: Call, session: Session): Promise<void> {
  const lookup = lookupOfSession(session);
  const enrolling = (await deps.store.sessions.listOf(lookup, call.nowMs)).filter(({ kind }) => kind === "enrol");
  await deps.store.atomically([
    ...[session.stored, ...enrolling].map(({ id }) => deps.store.sessions.end(id)),
    deps.store.audit.append(auditOf(call, "session_closed", { subjectLookup: lookup })),
  ]);
}

/** The subject of a person's session: links open none without. */
export function lookupOfSession({ stored }: Session): string {
  if (stored.subjectLookup === null) throw new Error("a person's session without a subject");
  return stored.subjectLookup;
}

async function endingOthers(deps: Deps, call: Call, session: Session): Promise<readonly Write[]> {
  const lookup = lookupOfSession(session);
  const all = await deps.store.sessions.listOf(lookup, call.nowMs);
  const others = all.filter(({ id }) => id !== session.stored.id);
  return [...others.map(({ id }) => deps.store.sessions.end(id)), deps.store.authenticators.dropPending(lookup)];
}
