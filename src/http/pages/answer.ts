import type { Answer, Method } from "../../domain/authenticator.ts";
import type { Denial } from "../../domain/denial.ts";
import { closureFor } from "../../flows/guess.ts";
import { type Verdict, verify } from "../../flows/verify.ts";
import type { StoredChallenge } from "../../ports/store.ts";
import { PROBLEMS } from "../problem.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { Form } from "./form.ts";
import type { AnswerProblem } from "./models.ts";
import type { PageContext, PageView } from "./page-route.ts";
import { remember } from "./replies.ts";

/** What came of an answer on a page. A challenge that takes no more answers has no problem: its own state says it all. */
export type Answered =
  | Readonly<{ ok: true; verdict: Verdict }>
  | (Readonly<{ ok: false; problem?: AnswerProblem; context: PageContext }> &
      Pick<PageView, "status" | "retryAfterSeconds">);

/** The answer in a form: exactly one of the three, not blank; undefined otherwise. */
export function answerIn(form: Form): Answer | undefined {
  const [given, ...more] = (["totp", "recovery_code", "webauthn"] as const).filter((name) => form[name]?.trim());
  if (given === undefined || more.length > 0) return undefined;
  const text = form[given] ?? "";
  return given === "webauthn" ? { method: given, response: passkeyIn(text) } : { method: given, code: text };
}

/** A passkey's response as the page posts it; what is no JSON is refused like any wrong answer. */
export function passkeyIn(text: string): unknown {
  const parsed = parseStrictJson(text);
  return parsed.ok ? parsed.value : undefined;
}

/** Decides on an answer to a challenge of the page, and counts a miss in the session. */
export async function decide(context: PageContext, challenge: StoredChallenge, answer: Answer): Promise<Answered> {
  const { deps, call, clientAddress: sourceIp } = context;
  const about = { challenge: challenge.id };
  const outcome = await verify(deps, call, { about, answer, sourceIp, rememberDevice: false });
  if (outcome.ok) return { ok: true, verdict: outcome.value };
  const { denial } = outcome;
  const problem = await problemOf(context, challenge, { method: answer.method, denial });
  const counted = problem?.code === "rejected" ? await remember(context, { misses: problem.misses }) : context;
  const { status } = PROBLEMS[denial.code];
  return { ok: false, problem, context: counted, status, retryAfterSeconds: denial.retryAfterSeconds };
}

async function problemOf(
  context: PageContext,
  challenge: StoredChallenge,
  { method, denial }: Readonly<{ method: Method; denial: Denial }>,
): Promise<AnswerProblem | undefined> {
  switch (denial.code) {
    case "answer_rejected":
      return { code: "rejected", misses: (context.session.data.misses ?? 0) + 1 };
    case "assurance_unmet":
      return { code: "assurance_unmet" };
    case "subject_locked":
      return (await isSuspended(context, challenge, method)) ? { code: "suspended" } : throttled(denial);
    case "rate_limited":
      return throttled(denial);
    default:
      return undefined;
  }
}

function throttled({ retryAfterSeconds = 1 }: Denial): AnswerProblem {
  return { code: "throttled", retryAfterSeconds };
}

async function isSuspended(
  { deps, call }: PageContext,
  { subjectLookup: lookup, lane }: StoredChallenge,
  method: Method,
): Promise<boolean> {
  if (method === "webauthn") return false;
  return (await closureFor(deps, call, { lookup, lane, method }))?.state === "suspended";
}
