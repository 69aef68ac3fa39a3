import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { openChallenge } from "../../flows/open-challenge.ts";
import { redeemChallenge } from "../../flows/redeem-challenge.ts";
import { route } from "../route.ts";
import { presentVerdict } from "./present.ts";
import { acr, challengeId, deviceToken, method, sourceIp, subject, time, timeOf, verdict } from "./schemas.ts";

export const openChallengeRoute = route({
  path: "/v1/challenges",
  scope: "challenges:write",
  tag: "Verification",
  summary: "Open a challenge",
  description:
    "Asks a subject for an answer within ten minutes. The answer for a subject we do not know has the same shape.",
  body: z.strictObject({
    subject,
    acr: acr.optional(),
    methods: z.array(method).min(1).max(3).optional(),
    lane: z.strictObject({ first_factor: z.boolean(), device: deviceToken.optional() }).optional().openapi({
      description: "What you know about this sign-in: it decides which guess budget a wrong answer is charged to.",
    }),
    source_ip: sourceIp.optional(),
  }),
  status: 201,
  reply: z
    .object({
      challenge: z.string(),
      subject_id: z.string(),
      methods: z.array(method),
      expires_at: time,
      webauthn: z.object({ options: z.looseObject({}) }).optional(),
    })
    .openapi("Challenge"),
  denials: ["assurance_unmet", "rate_limited"],
  async handle(deps, call, input) {
    const outcome = await openChallenge(deps, call, {
      reference: input.subject,
      acr: input.acr,
      methods: input.methods,
      firstFactor: input.lane?.first_factor ?? false,
      deviceToken: input.lane?.device,
      sourceIp: input.source_ip,
    });
    if (!outcome.ok) return outcome;
    const { id, subjectId, methods, expiresAtMs, webauthnOptions } = outcome.value;
    return granted({
      challenge: id,
      subject_id: subjectId,
      methods: [...methods],
      expires_at: timeOf(expiresAtMs),
      webauthn: webauthnOptions === undefined ? undefined : { options: { ...webauthnOptions } },
    });
  },
});

export const redeemChallengeRoute = route({
  path: "/v1/challenges/redeem",
  scope: "verify",
  tag: "Verification",
  summary: "Redeem a challenge that was answered on the hosted prompt",
  description: "Returns the verdict once, within five minutes of the answer. Anything but 200 means not verified.",
  body: z.strictObject({
    challenge: challengeId,
    remember_device: z.boolean().optional().openapi({ description: "Return a device token for this device." }),
    receipt: z.literal(true).optional(),
  }),
  status: 200,
  reply: verdict,
  denials: ["answer_rejected", "attempts_exhausted", "challenge_unknown", "challenge_closed", "challenge_expired"],
  async handle(deps, call, input) {
    const outcome = await redeemChallenge(deps, call, {
      challenge: input.challenge,
      rememberDevice: input.remember_device ?? false,
    });
    return outcome.ok ? granted(await presentVerdict(deps, call, outcome.value, input.receipt ?? false)) : outcome;
  },
});
