import { once } from "node:events";
import type { StoredAuditEvent } from "../domain/audit-event.ts";
import { type Command, wholeNumberOf } from "./command.ts";
import { timeText, withService } from "./open-service.ts";

const PAGE = 1000;

/** Prints the audit log, oldest first, one JSON object a line. */
export const exportAudit: Command = {
  usage: "audit export [--after <id>]",
  description:
    "Prints audit events as JSON lines, oldest first. Give the last line's id as --after to go on from there.",
  options: { after: { type: "string", help: "only events after this id" } },
  positionals: 0,
  run: (invocation) => {
    let after = wholeNumberOf(invocation.values, "after") ?? 0;
    return withService(invocation, async ({ deps }) => {
      for (;;) {
        const page = await deps.store.audit.listAfter(after, PAGE);
        if (page.length === 0) return;
        for (const event of page) invocation.print(JSON.stringify(present(event)));
        if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
        after = page.at(-1)?.id ?? after;
      }
    });
  },
};

function present(event: StoredAuditEvent) {
  return {
    id: event.id,
    at: timeText(event.atMs),
    kind: event.kind,
    realm: event.realmId,
    request_id: event.requestId,
    client_id: event.rpId,
    subject_lookup: event.subjectLookup,
    authenticator: event.authenticatorId,
    method: event.method,
    lane: event.lane,
    reason: event.reason,
    actor: event.actor,
  };
}
