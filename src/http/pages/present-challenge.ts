import type { Method } from "../../domain/authenticator.ts";
import { offerFor, requestOptions } from "../../flows/open-challenge.ts";
import type { StoredChallenge } from "../../ports/store.ts";
import type { AnswerProblem, ChallengeView } from "./models.ts";
import type { PageContext } from "./page-route.ts";

/** What has just been tried, and why it did not count. */
export type Tried = Readonly<{ method?: Method; problem?: AnswerProblem }>;

export type ChallengeState = "open" | "expired" | "exhausted" | "declined" | "satisfied";

/** How a challenge stands. One without attempts left stays closed, also when its time is over. */
export function stateOf(challenge: StoredChallenge, nowMs: number): ChallengeState {
  if (challenge.status === "satisfied") return "satisfied";
  if (challenge.status === "denied") return "declined";
  if (challenge.attemptsLeft <= 0) return "exhausted";
  return challenge.expiresAtMs <= nowMs ? "expired" : "open";
}

/**
 * An open challenge as the person sees it: made from the challenge, the realm and the offer, which is a decoy for
 * subjects that do not exist. `?method=` chooses among its methods.
 */
export async function presentChallenge(
  { deps, call, query }: PageContext,
  challenge: StoredChallenge,
  tried: Tried = {},
): Promise<ChallengeView> {
  const { methods, requiredAcr, subjectLookup, webauthnChallenge } = challenge;
  const { credentials } = await offerFor(deps, call, subjectLookup);
  const options = requestOptions(call, {
    challenge: webauthnChallenge,
    credentials,
    acr: requiredAcr ?? undefined,
  });
  const wished = tried.method ?? query.get("method");
  return {
    methods,
    current: methods.find((method) => method === wished) ?? methods[0] ?? "totp",
    totpDigits: call.realm.policy.totp.digits,
    webauthn: methods.includes("webauthn") ? { options } : undefined,
    problem: tried.problem,
    expiresAt: new Date(challenge.expiresAtMs).toISOString(),
  };
}
