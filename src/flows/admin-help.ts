import { type AdminOutcome, done, refused } from "../domain/administrator.ts";
import type { AuditKind, StoredAuditEvent } from "../domain/audit-event.ts";
import type { Deps } from "../ports/deps.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import type { SubjectTarget } from "./admin-subjects.ts";

const READ = 200;
/** What ends a request for help: somebody said so, or there is nothing left to help with. */
const ENDINGS: readonly AuditKind[] = ["help_handled", "subject_reset", "subject_deleted"];

/** A person who has lost every way in, and says so at one relying party; `times` since somebody last helped. */
export type HelpRequest = Readonly<{ target: SubjectTarget; atMs: number; times: number }>;

/** `isCut`: there may be older ones, which only the audit log has. */
export type HelpQueue = Readonly<{ requests: readonly HelpRequest[]; isCut: boolean }>;

/** Who has asked for help and got none yet, the newest first, out of the last two hundred requests. */
export async function listHelp(deps: Deps): Promise<HelpQueue> {
  const asked = await deps.store.audit.list({ kind: "help_requested", limit: READ });
  const oldest = asked.at(-1);
  if (!oldest) return { requests: [], isCut: false };
  const ended = await endingsSince(deps, oldest.id);
  const open = asked.filter(({ id, subjectLookup }) => id > (ended.get(subjectLookup ?? "") ?? 0));
  const requests = new Map<string, HelpRequest>();
  for (const event of open) {
    const target = targetOf(event);
    if (!target) continue;
    const key = `${target.rpId} ${target.lookup}`;
    const newer = requests.get(key);
    requests.set(key, newer ? { ...newer, times: newer.times + 1 } : { target, atMs: event.atMs, times: 1 });
  }
  return { requests: [...requests.values()], isCut: asked.length === READ };
}

/** Takes all requests of a subject off the list, for a reason; the audit log keeps them. */
export async function markHandled(
  deps: Deps,
  call: AdminCall,
  { target, reason }: Readonly<{ target: SubjectTarget; reason: string }>,
): Promise<AdminOutcome<undefined>> {
  const { requests } = await listHelp(deps);
  if (!requests.some((one) => one.target.lookup === target.lookup)) return refused("nothing_to_do");
  const about = { realmId: target.realmId, rpId: target.rpId, subjectLookup: target.lookup, reason };
  await deps.store.atomically([deps.store.audit.append(adminAudit(call, "help_handled", about))]);
  return done(undefined);
}

/** The last ending of each subject, by its id in the audit log. */
async function endingsSince({ store }: Deps, afterId: number): Promise<ReadonlyMap<string, number>> {
  const last = new Map<string, number>();
  for (const kind of ENDINGS) {
    let page: readonly StoredAuditEvent[] = [];
    do {
      page = await store.audit.list({ kind, afterId, beforeId: page.at(-1)?.id, limit: READ });
      for (const { id, subjectLookup: lookup } of page) {
        if (lookup !== null) last.set(lookup, Math.max(id, last.get(lookup) ?? 0));
      }
    } while (page.length === READ);
  }
  return last;
}

function targetOf({ subjectLookup: lookup, rpId, realmId }: StoredAuditEvent): SubjectTarget | undefined {
  return lookup === null || rpId === null ? undefined : { lookup, rpId, realmId };
}
