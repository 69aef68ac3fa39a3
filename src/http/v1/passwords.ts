import { z } from "@hono/zod-openapi";
import { granted } from "../../domain/denial.ts";
import { assessPassword } from "../../password/assess.ts";
import { passwordLanguageOf } from "../../password/choose-language.ts";
import type { CrackTime, PasswordLanguage } from "../../ports/password-estimator.ts";
import { preferredLanguages } from "../pages/language.ts";
import { route } from "../route.ts";

const crackTime = z.object({ seconds: z.number(), display: z.string() });

export const assessPasswordRoute = route({
  path: "/v1/passwords/assess",
  scope: "passwords:assess",
  tag: "Passwords",
  summary: "Assess a password",
  description:
    "An assessment, not a decision on a person: both outcomes are 200. The password is neither stored nor logged.",
  body: z.strictObject({
    password: z.string().max(16_384),
    context: z
      .array(z.string().max(256))
      .max(32)
      .optional()
      .openapi({ description: "What an attacker would try first: user name, e-mail address, name of the service." }),
    use: z.enum(["single_factor", "with_second_factor"]).optional(),
    locale: z.string().max(35).optional().openapi({
      description:
        "The person's language as a BCP 47 tag. Its words count, and texts are in it: en, de, fr, es, it. Accept-Language when not given; English when it is none of these.",
    }),
  }),
  status: 200,
  reply: z
    .object({
      acceptable: z.boolean(),
      violations: z.array(z.string()),
      score: z.int().min(0).max(4),
      guesses_log10: z.number(),
      crack_times: z.object({
        online_throttled: crackTime,
        online_unthrottled: crackTime,
        offline_slow_hash: crackTime,
        offline_fast_hash: crackTime,
      }),
      feedback: z.object({
        warning: z.string().nullable(),
        suggestions: z.array(z.string()),
        advice: z.string().nullable(),
      }),
      breach: z.object({ status: z.enum(["clear", "found", "unavailable"]), count: z.int().optional() }),
    })
    .openapi("PasswordAssessment"),
  denials: [],
  async handle(deps, call, input) {
    const rp = await deps.store.relyingParties.find(call.rpId);
    const assessment = await assessPassword(deps, {
      password: input.password,
      context: [...(input.context ?? []), call.realm.name, ...(rp ? [rp.name] : [])],
      use: input.use ?? "with_second_factor",
      policy: call.realm.policy.password,
      language: languageOf(input.locale, preferredLanguages(call.acceptLanguage)),
    });
    const { crackTimes: times } = assessment;
    return granted({
      acceptable: assessment.acceptable,
      violations: [...assessment.violations],
      score: assessment.score,
      guesses_log10: assessment.guessesLog10,
      crack_times: {
        online_throttled: present(times.onlineThrottled),
        online_unthrottled: present(times.onlineUnthrottled),
        offline_slow_hash: present(times.offlineSlowHash),
        offline_fast_hash: present(times.offlineFastHash),
      },
      feedback: { ...assessment.feedback, suggestions: [...assessment.feedback.suggestions] },
      breach: { status: assessment.breach.status, count: assessment.breach.count },
    });
  },
});

function languageOf(locale: string | undefined, wished: readonly string[]): PasswordLanguage {
  const tags = locale === undefined ? wished : [locale];
  return tags.map(passwordLanguageOf).find((language) => language !== undefined) ?? "en";
}

function present({ seconds, display }: CrackTime) {
  return { seconds, display };
}
