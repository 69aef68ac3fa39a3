import type { Administrator } from "../domain/administrator.ts";
import type { AuditEvent, AuditKind } from "../domain/audit-event.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import { auditOf, type Call } from "./call.ts";

/** What a signed-in administrator's request starts from. The realm is that of administrators. */
export type AdminCall = Call &
  Readonly<{ administrator: Administrator /** Hash of the session's token. */; sessionId: string }>;

/** An audit event that names the administrator. It is of the administrators' realm unless `about` says otherwise. */
export function adminAudit(
  call: AdminCall,
  kind: AuditKind,
  about: Partial<Omit<AuditEvent, "kind" | "atMs" | "requestId" | "actor">> = {},
): AuditEvent {
  return auditOf(call, kind, { realmId: ADMIN_REALM_ID, rpId: null, actor: call.administrator.id, ...about });
}

/** Writes down that an administrator asked for what their role does not allow (requirement G-08). */
export async function noteForbidden(deps: Deps, call: AdminCall): Promise<void> {
  const about = { subjectLookup: call.administrator.subjectLookup, reason: "forbidden" };
  await deps.store.atomically([deps.store.audit.append(adminAudit(call, "administrator_refused", about))]);
}
