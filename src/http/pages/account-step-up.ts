import { lookupOfSession } from "../../flows/end-sessions.ts";
import { openChallengeFor } from "../../flows/open-challenge.ts";
import { strongMethods } from "../../flows/proof.ts";
import { mayChange } from "../../flows/session-rights.ts";
import type { AccountWish } from "../../flows/sessions.ts";
import type { StoredChallenge } from "../../ports/store.ts";
import { PROBLEMS } from "../problem.ts";
import type { PageContext, PageReply, PageView } from "./page-route.ts";
import { presentChallenge, stateOf, type Tried } from "./present-challenge.ts";
import { plain, remember } from "./replies.ts";

/** Satisfied challenges of this purpose prove nothing to a relying party. */
const PURPOSE = "account";

export type StepUp = Readonly<{ tried?: Tried }> & Pick<PageView, "status" | "retryAfterSeconds">;

/** Asks for a proof: any method to get in, the strongest for a change. */
export async function stepUp(context: PageContext, { tried, ...answer }: StepUp = {}): Promise<PageReply> {
  const asked = await openForSession(context);
  // Authenticators changed under our hands, and none is left that would do.
  if (!asked) return plain(context, "session_expired", 410);
  const challenge = await presentChallenge(asked.context, asked.challenge, tried);
  const why = isProven(context) ? "change" : "sign_in";
  return { model: { ...context.frame, page: "account", view: "step_up", why, challenge }, ...answer };
}

/** Does what was asked for if the proof is strong and fresh enough (requirement S-09), else asks for one first. */
export async function withFreshProof(
  context: PageContext,
  wish: AccountWish,
  change: () => Promise<PageReply>,
): Promise<PageReply> {
  const { deps, call, session } = context;
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  if (mayChange(session, active, call.nowMs)) return change();
  const { status } = PROBLEMS.step_up_required;
  return stepUp(await remember(context, { wants: wish, misses: undefined }), { status });
}

/** Whether the person has shown an authenticator in this session. */
export function isProven({ session }: PageContext): boolean {
  return session.stored.provenAtMs !== null;
}

/** The challenge on the page, while it takes answers. */
export async function openOnPage({ deps, call, session }: PageContext): Promise<StoredChallenge | undefined> {
  const challenge = await deps.store.challenges.find(session.data.challenge ?? "", call.rpId);
  return challenge && stateOf(challenge, call.nowMs) === "open" ? challenge : undefined;
}

type Asked = Readonly<{ context: PageContext; challenge: StoredChallenge }>;

async function openForSession(context: PageContext): Promise<Asked | undefined> {
  const open = await openOnPage(context);
  if (open) return { context, challenge: open };
  const { deps, call, session } = context;
  const lookup = lookupOfSession(session);
  const active = await deps.store.authenticators.listActive(lookup);
  const methods = isProven(context) ? strongMethods(active) : undefined;
  const opened = await openChallengeFor(deps, call, {
    lookup,
    lane: "proven",
    firstFactor: true,
    purpose: PURPOSE,
    methods,
  });
  if (!opened.ok) return undefined;
  const next = await remember(context, { challenge: opened.value.id });
  const challenge = await openOnPage(next);
  return challenge && { context: next, challenge };
}
