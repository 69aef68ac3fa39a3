import { and, eq, gt, gte, lt, lte } from "drizzle-orm";
import type { AuditKind, StoredAuditEvent } from "../domain/audit-event.ts";
import type { AuditFilterInput } from "../ports/store.ts";
import type { Engine } from "./engine.ts";

type Table = Engine["tables"]["auditEvents"];

/** What a filter asks of an event, but for its subject. */
export function matches(t: Table, filter: AuditFilterInput) {
  return and(
    filter.kind === undefined ? undefined : eq(t.kind, filter.kind),
    filter.rpId === undefined ? undefined : eq(t.rpId, filter.rpId),
    filter.fromMs === undefined ? undefined : gte(t.atMs, filter.fromMs),
    filter.toMs === undefined ? undefined : lte(t.atMs, filter.toMs),
    filter.beforeId === undefined ? undefined : lt(t.id, filter.beforeId),
    filter.afterId === undefined ? undefined : gt(t.id, filter.afterId),
  );
}

/** The event that a row holds. */
export function toEvent(row: Table["$inferSelect"]): StoredAuditEvent {
  const { notable: _, ...event } = row;
  // Kind, method and lane were written from the closed unions.
  return {
    ...event,
    kind: row.kind as AuditKind,
    method: row.method as StoredAuditEvent["method"],
    lane: row.lane as StoredAuditEvent["lane"],
  };
}

/** The id below which no event can appear any more: without an engine's word ids appear in order. */
export function horizonOf({ eventHorizon }: Pick<Engine, "eventHorizon">): () => Promise<number> {
  return eventHorizon ?? (async () => Number.MAX_SAFE_INTEGER);
}
