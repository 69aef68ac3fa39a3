import type { AuditKind, StoredAuditEvent } from "../../domain/audit-event.ts";
import { openSuspicion } from "../../flows/suspicion.ts";
import type { Deps } from "../../ports/deps.ts";
import type { ActivityView, SuspicionView } from "./models.ts";

const SHOWN = 20;
/** Far enough back to find twenty among the events that nobody needs to read. */
const READ = 200;

const KINDS: Partial<Record<AuditKind, ActivityView["kind"]>> = {
  answer_accepted: "signed_in",
  answer_rejected: "sign_in_refused",
  answer_throttled: "sign_in_refused",
  enrolment_started: "enrolment_started",
  authenticator_added: "authenticator_added",
  authenticator_revoked: "authenticator_removed",
  authenticator_renamed: "authenticator_renamed",
  recovery_code_used: "recovery_code_used",
  recovery_codes_renewed: "recovery_codes_renewed",
  subject_reset: "reset_by_administrator",
  budget_lifted: "budget_lifted",
  counter_regressed: "clone_suspected",
  password_suspected: "password_suspected",
  suspicion_confirmed: "suspicion_confirmed",
  suspicion_dismissed: "suspicion_dismissed",
};

/** The last twenty things that happened to a subject, newest first, with the names of the relying parties. */
export async function recentActivity(deps: Deps, subjectLookup: string): Promise<readonly ActivityView[]> {
  const events = await deps.store.audit.list({ subjectLookup, limit: READ });
  const telling = events.filter(isTelling).slice(0, SHOWN);
  const names = await namesOf(deps, telling);
  return telling.flatMap((event) => present(event, names) ?? []);
}

/** What the person has to be asked about, if anything. */
export async function suspicionOf(deps: Deps, subjectLookup: string): Promise<SuspicionView | undefined> {
  const suspected = await openSuspicion(deps, subjectLookup);
  return (
    suspected && {
      at: new Date(suspected.atMs).toISOString(),
      cause: suspected.reason === "challenge_declined" ? "challenge_declined" : "answers_refused",
      relyingParty: (await namesOf(deps, [suspected])).get(suspected.rpId ?? ""),
    }
  );
}

/** A sign-in with a recovery code has an event of its own. */
function isTelling({ kind, method }: StoredAuditEvent): boolean {
  return KINDS[kind] !== undefined && !(kind === "answer_accepted" && method === "recovery_code");
}

function present(event: StoredAuditEvent, names: ReadonlyMap<string, string>): ActivityView | undefined {
  const kind = isUsedCode(event) ? "used_code_refused" : KINDS[event.kind];
  if (kind === undefined) return undefined;
  // Reasons of other events are our private codes.
  const wasTyped = event.kind === "subject_reset" || event.kind === "budget_lifted";
  return {
    id: String(event.id),
    at: new Date(event.atMs).toISOString(),
    kind,
    method: event.method ?? undefined,
    relyingParty: names.get(event.rpId ?? ""),
    reason: wasTyped ? (event.reason ?? undefined) : undefined,
  };
}

/** Of an app's code alone: a recovery code that was used and one that never was are not told apart. */
function isUsedCode({ kind, method, reason }: StoredAuditEvent): boolean {
  return kind === "answer_rejected" && method === "totp" && reason === "already_used";
}

async function namesOf(deps: Deps, events: readonly StoredAuditEvent[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(events.flatMap(({ rpId }) => rpId ?? []));
  const found = await Promise.all([...ids].map((id) => deps.store.relyingParties.find(id)));
  return new Map(found.flatMap((rp) => (rp ? [[rp.id, rp.name]] : [])));
}
