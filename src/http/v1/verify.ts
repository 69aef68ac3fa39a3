import { z } from "@hono/zod-openapi";
import type { Answer } from "../../domain/authenticator.ts";
import { granted } from "../../domain/denial.ts";
import { verify } from "../../flows/verify.ts";
import { route } from "../route.ts";
import { presentVerdict } from "./present.ts";
import { answerMembers, challengeId, deviceToken, sourceIp, subject, verdict } from "./schemas.ts";

const body = z
  .strictObject({
    challenge: challengeId.optional(),
    subject: subject.optional(),
    ...answerMembers,
    first_factor: z
      .boolean()
      .optional()
      .openapi({ description: "You have just checked this person's password. Without a challenge only." }),
    device: deviceToken.optional(),
    remember_device: z.boolean().optional().openapi({ description: "Return a device token for this device." }),
    source_ip: sourceIp.optional(),
    receipt: z.literal(true).optional(),
  })
  .refine(
    ({ challenge, subject }) => (challenge === undefined) !== (subject === undefined),
    "needs exactly one of challenge and subject",
  )
  .refine(
    ({ totp, recovery_code, webauthn }) =>
      [totp, recovery_code, webauthn].filter((one) => one !== undefined).length === 1,
    "needs exactly one of totp, recovery_code and webauthn",
  )
  .refine(({ webauthn, challenge }) => webauthn === undefined || challenge !== undefined, "webauthn needs a challenge")
  .refine(
    ({ challenge, first_factor, device }) =>
      challenge === undefined || (first_factor === undefined && device === undefined),
    "first_factor and device belong to the challenge when it is opened",
  );

/** `POST /v1/verify`: 200 means verified; every denial is a problem document. */
export const verifyRoute = route({
  path: "/v1/verify",
  scope: "verify",
  tag: "Verification",
  summary: "Verify an answer",
  description:
    "2xx means verified and used up. Wrong, replayed, malformed, unknown and revoked are all the same 403 answer_rejected.",
  body,
  status: 200,
  reply: verdict,
  denials: [
    "answer_rejected",
    "assurance_unmet",
    "attempts_exhausted",
    "challenge_unknown",
    "challenge_closed",
    "challenge_expired",
    "subject_locked",
    "rate_limited",
    "request_in_progress",
    "idempotency_mismatch",
  ],
  idempotent: true,
  async handle(deps, call, input) {
    const outcome = await verify(deps, call, {
      about:
        input.challenge === undefined
          ? { reference: input.subject ?? "", firstFactor: input.first_factor ?? false, deviceToken: input.device }
          : { challenge: input.challenge },
      answer: answerIn(input),
      sourceIp: input.source_ip,
      rememberDevice: input.remember_device ?? false,
      redeem: true,
    });
    return outcome.ok ? granted(await presentVerdict(deps, call, outcome.value, input.receipt ?? false)) : outcome;
  },
});

function answerIn(input: z.infer<typeof body>): Answer {
  if (input.totp !== undefined) return { method: "totp", code: input.totp };
  if (input.recovery_code !== undefined) return { method: "recovery_code", code: input.recovery_code };
  return { method: "webauthn", response: input.webauthn };
}
