import type { AuditEvent, AuditKind } from "../domain/audit-event.ts";
import type { Realm } from "../domain/realm.ts";

/** Who asks, when, and in which realm: what every flow for a relying party starts from. */
export type Call = Readonly<{
  requestId: string;
  nowMs: number;
  rpId: string;
  realm: Realm;
  /** The API key that asks, and whether the scan alarm has stopped it; none on the pages. */
  key?: Readonly<{ id: string; isStopped: boolean }>;
}>;

/** An audit event of this call. */
export function auditOf(
  call: Call,
  kind: AuditKind,
  about: Partial<Omit<AuditEvent, "kind" | "atMs" | "requestId">> = {},
): AuditEvent {
  return { atMs: call.nowMs, kind, realmId: call.realm.id, rpId: call.rpId, requestId: call.requestId, ...about };
}
