import { AUDIT_KINDS, type AuditKind } from "../../domain/audit-event.ts";
import type { AuditFilter } from "../pages/admin-models.ts";
import { type AdminRoute, show } from "./admin-route.ts";
import { namedRelyingParties, viewEvents } from "./audit-view.ts";

const PAGE_SIZE = 50;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Kinds in the order of the table. */
const KINDS = Object.keys(AUDIT_KINDS) as AuditKind[]; // The table's own keys.

/** `GET /admin/audit`: newest first, fifty a page; a filter that says nothing we know is left out. */
export const auditRoute: AdminRoute = {
  method: "get",
  path: "/admin/audit",
  needs: "read",
  async handle(context) {
    const { deps, query } = context;
    const relyingParties = await namedRelyingParties(deps);
    const filter = readFilter(query, new Set(relyingParties.map(({ id }) => id)));
    const events = await deps.store.audit.list({
      kind: filter.kind,
      rpId: filter.relyingParty,
      fromMs: startOf(filter.from),
      toMs: endOf(filter.to),
      beforeId: readCursor(query.get("before")),
      limit: PAGE_SIZE + 1,
    });
    const page = events.slice(0, PAGE_SIZE);
    const last = page.at(-1);
    return show(context, {
      view: "audit",
      events: await viewEvents(deps, page),
      kinds: KINDS,
      relyingParties,
      filter,
      nextBefore: events.length > PAGE_SIZE && last ? String(last.id) : undefined,
    });
  },
};

function readFilter(query: URLSearchParams, relyingParties: ReadonlySet<string>): AuditFilter {
  const relyingParty = query.get("relying_party") ?? "";
  return {
    kind: KINDS.find((kind) => kind === query.get("kind")),
    relyingParty: relyingParties.has(relyingParty) ? relyingParty : undefined,
    from: readDay(query.get("from")),
    to: readDay(query.get("to")),
  };
}

function readDay(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  return Number.isNaN(Date.parse(text)) ? undefined : text;
}

function startOf(day: string | undefined): number | undefined {
  return day === undefined ? undefined : Date.parse(day);
}

function endOf(day: string | undefined): number | undefined {
  return day === undefined ? undefined : Date.parse(day) + DAY_MS - 1;
}

function readCursor(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
