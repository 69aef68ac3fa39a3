import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { deleteSubject, subjectStatus } from "../../flows/subject-status.ts";
import { route } from "../route.ts";
import { challengeId, method, reason, subject } from "./schemas.ts";

export const subjectStatusRoute = route({
  path: "/v1/subjects/status",
  scope: "subjects:read",
  tag: "Subjects",
  summary: "Whether a subject has authenticators",
  description:
    "An answer that tells. It needs a scope of its own: give it only to what has to know. Unknown subjects are counted: too many within an hour stop the key.",
  body: z.strictObject({ subject }),
  status: 200,
  reply: z.object({ enrolled: z.boolean(), methods: z.array(method) }).openapi("SubjectStatus"),
  denials: ["rate_limited"],
  async handle(deps, call, input) {
    const status = await subjectStatus(deps, call, input.subject);
    return status.ok ? granted({ enrolled: status.value.enrolled, methods: [...status.value.methods] }) : status;
  },
});

export const deleteSubjectRoute = route({
  path: "/v1/subjects/delete",
  scope: "subjects:delete",
  tag: "Subjects",
  summary: "Erase a subject",
  description: "Erases authenticators, codes, devices and sessions. The pseudonymous audit log stays.",
  body: z
    .strictObject({ subject, proof: challengeId.optional(), reason: reason.optional() })
    .refine(
      ({ proof, reason }) => (proof === undefined) !== (reason === undefined),
      "needs exactly one of proof and reason",
    ),
  status: 200,
  reply: z.object({ deleted: z.literal(true) }),
  denials: ["step_up_required", "rate_limited"],
  async handle(deps, call, input) {
    const deleted = await deleteSubject(deps, call, {
      reference: input.subject,
      proof: input.proof,
      reason: input.reason,
    });
    return deleted.ok ? granted({ deleted: true as const }) : deleted;
  },
});
