import type { StoredAuditEvent } from "../../domain/audit-event.ts";
import type { Deps } from "../../ports/deps.ts";
import type { AuditView, NamedId } from "../pages/admin-models.ts";
import { timeOf } from "../v1/schemas.ts";

/** Enough of a pseudonym to tell people apart on a page. */
const PSEUDONYM_SHOWN = 8;

/** Audit events as the pages show them, with the names of relying parties and administrators. */
export async function viewEvents(deps: Deps, events: readonly StoredAuditEvent[]): Promise<readonly AuditView[]> {
  const relyingParties = new Map((await deps.store.relyingParties.list()).map(({ id, name }) => [id, name]));
  const administrators = new Map((await deps.store.administrators.list()).map(({ id, name }) => [id, name]));
  return events.map((event) => ({
    id: String(event.id),
    at: timeOf(event.atMs),
    kind: event.kind,
    relyingParty: event.rpId === null ? undefined : relyingParties.get(event.rpId),
    method: event.method ?? undefined,
    lane: event.lane ?? undefined,
    subject: event.subjectLookup === null ? undefined : pseudonymOf(event.subjectLookup),
    actor: event.actor === null ? undefined : (administrators.get(event.actor) ?? event.actor),
    reason: event.reason ?? undefined,
    requestId: event.requestId,
  }));
}

/** What a subject is called on these pages, the same on each of them. */
export function pseudonymOf(subjectLookup: string): string {
  return subjectLookup.slice(0, PSEUDONYM_SHOWN);
}

/** All relying parties by name, the revoked ones too: their subjects and events are still there. */
export async function namedRelyingParties(deps: Deps): Promise<readonly NamedId[]> {
  const all = await deps.store.relyingParties.list();
  return all.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}
