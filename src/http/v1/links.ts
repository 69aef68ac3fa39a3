import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { requestLink } from "../../flows/request-link.ts";
import { route } from "../route.ts";
import { accountName, challengeId, subject, time, timeOf } from "./schemas.ts";

export const createLinkRoute = route({
  path: "/v1/links",
  scope: "links:write",
  tag: "Hosted pages",
  summary: "Make a one-time link to a page of ours",
  description:
    "For a person whose first factor you have just checked. `prompt` answers an opened challenge, `account` manages authenticators after step-up, `enrol` adds the first one, or with a proof a further one. Send the browser there at once; the link works once, within ten minutes.",
  body: z
    .strictObject({
      page: z.enum(["prompt", "account", "enrol"]),
      subject: subject.optional(),
      challenge: challengeId.optional(),
      return_url: z
        .string()
        .max(2000)
        .optional()
        .openapi({ description: "One of your registered redirect URIs, exactly." }),
      account_name: accountName.optional(),
      proof: challengeId
        .optional()
        .openapi({ description: "For enrol, once the subject has an authenticator: a verified challenge." }),
    })
    .refine(
      ({ page, challenge, subject }) =>
        page === "prompt"
          ? challenge !== undefined && subject === undefined
          : subject !== undefined && challenge === undefined,
      "prompt needs challenge, the other pages need subject",
    )
    .refine(({ page, proof }) => proof === undefined || page === "enrol", "proof belongs to enrol"),
  status: 201,
  reply: z.object({ url: z.string(), expires_at: time }),
  denials: ["challenge_unknown", "step_up_required", "rate_limited"],
  async handle(deps, call, input) {
    const link = await requestLink(deps, call, {
      page: input.page,
      reference: input.subject,
      challenge: input.challenge,
      returnUrl: input.return_url,
      accountName: input.account_name,
      proof: input.proof,
    });
    return link.ok ? granted({ url: link.value.url, expires_at: timeOf(link.value.expiresAtMs) }) : link;
  },
});
