import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { publicSubjectId } from "../../flows/subject.ts";
import { route } from "../route.ts";
import { method, time, timeOf } from "./schemas.ts";

export const listEventsRoute = route({
  path: "/v1/events/list",
  scope: "events:read",
  tag: "Events",
  summary: "What happened that your people should be told",
  description:
    "Authenticators added, removed and reset, recovery codes used, suspected clones and the like, oldest first. We know no addresses; you do.",
  body: z.strictObject({
    after: z
      .string()
      .regex(/^\d{1,15}$/, "is not a cursor")
      .optional(),
    limit: z.int().min(1).max(500).optional(),
  }),
  status: 200,
  reply: z.object({
    events: z.array(
      z
        .object({
          id: z.string(),
          kind: z.string(),
          at: time,
          subject_id: z.string().optional(),
          method: method.optional(),
          by_administrator: z.boolean(),
        })
        .openapi("Event"),
    ),
    next: z.string().openapi({ description: "Cursor for the next call." }),
  }),
  denials: [],
  async handle(deps, call, input) {
    const after = Number(input.after ?? 0);
    const stored = await deps.store.audit.listNotable(call.realm.id, after, input.limit ?? 100);
    const events = stored.map((event) => ({
      id: String(event.id),
      kind: event.kind,
      at: timeOf(event.atMs),
      subject_id:
        event.subjectLookup === null ? undefined : publicSubjectId(deps.keyring, call.rpId, event.subjectLookup),
      method: event.method ?? undefined,
      by_administrator: event.actor !== null,
    }));
    return granted({ events, next: String(stored.at(-1)?.id ?? after) });
  },
});
