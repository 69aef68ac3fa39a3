import { declineChallenge } from "../../flows/decline-challenge.ts";
import { endOthers } from "../../flows/end-sessions.ts";
import { requestHelp } from "../../flows/request-help.ts";
import { restartChallenge } from "../../flows/restart-challenge.ts";
import type { Verdict } from "../../flows/verify.ts";
import type { StoredChallenge } from "../../ports/store.ts";
import { answerIn, decide } from "./answer.ts";
import type { PromptModel } from "./models.ts";
import type { PageContext, PageReply, PageRoute } from "./page-route.ts";
import { type ChallengeState, presentChallenge, stateOf, type Tried } from "./present-challenge.ts";
import { hostOf, plain, remember, shown } from "./replies.ts";
import { backFromPrompt } from "./way-back.ts";

/** The step-up prompt: one challenge, answered, declined or restarted, and the way back to the relying party. */
export const PROMPT_PAGES: readonly PageRoute[] = [
  { method: "get", path: "/prompt", session: "prompt", handle: withChallenge(show) },
  { method: "post", path: "/prompt", session: "prompt", handle: withChallenge(answer) },
  { method: "post", path: "/prompt/restart", session: "prompt", handle: withChallenge(restart) },
  { method: "post", path: "/prompt/cancel", session: "prompt", handle: withChallenge(cancel) },
  { method: "post", path: "/prompt/help", session: "prompt", handle: withChallenge(help) },
  { method: "post", path: "/prompt/continue", session: "prompt", handle: withChallenge(goOn) },
];

type Handler = (context: PageContext, challenge: StoredChallenge) => Promise<PageReply>;

/** A challenge that was purged leaves nothing to go on with: the relying party has to ask again. */
function withChallenge(handle: Handler): PageRoute["handle"] {
  return async (context) => {
    const challenge = await find(context);
    return challenge ? handle(context, challenge) : plain(context, "session_expired", 410);
  };
}

async function find({ deps, call, session }: PageContext): Promise<StoredChallenge | undefined> {
  return deps.store.challenges.find(session.data.challenge ?? "", call.rpId);
}

async function show(context: PageContext, challenge: StoredChallenge): Promise<PageReply> {
  return { model: await modelOf(context, challenge) };
}

async function answer(context: PageContext, challenge: StoredChallenge): Promise<PageReply> {
  const given = answerIn(context.form);
  if (!given) return { model: await modelOf(context, challenge), status: 400 };
  const answered = await decide(context, challenge, given);
  if (answered.ok) return accept(context, challenge.id, answered.verdict);
  const { problem, status, retryAfterSeconds } = answered;
  const now = (await find(context)) ?? challenge;
  return { model: await modelOf(context, now, { method: given.method, problem }), status, retryAfterSeconds };
}

async function accept(context: PageContext, challenge: string, { method }: Verdict): Promise<PageReply> {
  if (method === "recovery_code") await endOthers(context.deps, context.call, context.session);
  const back = method === "recovery_code" ? undefined : await backFromPrompt(context, challenge);
  if (back) return back;
  const satisfied = await find(context);
  if (!satisfied) throw new Error("a challenge just satisfied is not there");
  return shown(context, await modelOf(context, satisfied), "/prompt");
}

async function restart(context: PageContext, challenge: StoredChallenge): Promise<PageReply> {
  const renewed = await restartChallenge(context.deps, context.call, challenge);
  if (!renewed) return shown(context, await modelOf(context, challenge), "/prompt");
  const restarted = await remember(context, { misses: undefined });
  return shown(restarted, await modelOf(restarted, renewed), "/prompt");
}

async function cancel(context: PageContext, challenge: StoredChallenge): Promise<PageReply> {
  await declineChallenge(context.deps, context.call, challenge);
  return goOn(context, (await find(context)) ?? challenge);
}

/** Everything is lost: whoever can help is told, and this challenge is over. */
async function help(context: PageContext, challenge: StoredChallenge): Promise<PageReply> {
  const isAsked = await requestHelp(context.deps, context.call, challenge);
  const next = isAsked ? await remember(context, { done: "help_requested" }) : context;
  return shown(next, await modelOf(next, (await find(context)) ?? challenge), "/prompt");
}

async function goOn(context: PageContext, challenge: StoredChallenge): Promise<PageReply> {
  const state = stateOf(challenge, context.call.nowMs);
  const isOver = state !== "open" && state !== "expired";
  const error = state === "satisfied" ? undefined : "access_denied";
  const back = isOver ? await backFromPrompt(context, challenge.id, error) : undefined;
  return back ?? shown(context, await modelOf(context, challenge), "/prompt");
}

async function modelOf(context: PageContext, challenge: StoredChallenge, tried?: Tried): Promise<PromptModel> {
  const base = { ...context.frame, page: "prompt" } as const;
  const state = stateOf(challenge, context.call.nowMs);
  if (state === "open") {
    return { ...base, view: "challenge", challenge: await presentChallenge(context, challenge, tried) };
  }
  if (state === "expired") return { ...base, view: "expired" };
  const returnHost = hostOf(context.session.data.returnUrl);
  if (state === "satisfied" && challenge.method === "recovery_code" && returnHost !== undefined) {
    const left = await context.deps.store.recoveryCodes.countLeft(challenge.authenticatorId ?? "");
    return { ...base, view: "recovery_used", recoveryCodesLeft: left, returnHost };
  }
  const isAsked = context.session.data.done === "help_requested";
  return { ...base, view: "closed", reason: isAsked ? "help_requested" : REASONS[state], returnHost };
}

const REASONS = {
  exhausted: "attempts_exhausted",
  declined: "cancelled",
  satisfied: "satisfied",
} as const satisfies Partial<Record<ChallengeState, string>>;
