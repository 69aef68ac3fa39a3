import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { inspectReceipt } from "../../flows/inspect-receipt.ts";
import { route } from "../route.ts";
import { acr, time, timeOf } from "./schemas.ts";

export const inspectReceiptRoute = route({
  path: "/v1/receipts/inspect",
  scope: "verify",
  tag: "Verification",
  summary: "Inspect a receipt",
  description:
    "For those who cannot check a JWS themselves. 200 means that the receipt is ours, for you, and good now; everything else is the same 403 answer_rejected.",
  body: z.strictObject({
    receipt: z.string().min(1).max(4096),
    single_use: z
      .literal(true)
      .optional()
      .openapi({ description: "Uses the receipt up: it is inspected with this once." }),
  }),
  status: 200,
  reply: z
    .object({
      verified: z.literal(true),
      subject_id: z.string(),
      acr,
      amr: z.array(z.string()),
      auth_time: time,
      expires_at: time,
    })
    .openapi("ReceiptStatement"),
  denials: ["answer_rejected"],
  async handle(deps, call, input) {
    const outcome = await inspectReceipt(deps, call, { receipt: input.receipt, singleUse: input.single_use ?? false });
    if (!outcome.ok) return outcome;
    const { subjectId, amr, authTimeMs, expiresAtMs } = outcome.value;
    return granted({
      verified: true,
      subject_id: subjectId,
      acr: outcome.value.acr,
      amr: [...amr],
      auth_time: timeOf(authTimeMs),
      expires_at: timeOf(expiresAtMs),
    });
  },
});
