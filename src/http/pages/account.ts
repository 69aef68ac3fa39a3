import { endOthers, lookupOfSession, reportSubject, signOut } from "../../flows/end-sessions.ts";
import { endSession } from "../../flows/sessions.ts";
import { takeSight } from "../../flows/sights.ts";
import { answerSuspicion, openSuspicion } from "../../flows/suspicion.ts";
import type { Verdict } from "../../flows/verify.ts";
import { add, askToRemove, carryOut, openEnrolment, remove, rename, renewCodes } from "./account-change.ts";
import { isProven, openOnPage, stepUp } from "./account-step-up.ts";
import { changed, overview, overviewOnce } from "./account-view.ts";
import { answerIn, decide } from "./answer.ts";
import type { PageContext, PageReply, PageRoute } from "./page-route.ts";
import { plain, remember, rise } from "./replies.ts";
import { backApproved, backRefused } from "./way-back.ts";

/** Looking after one's own authenticators, after step-up. */
export const ACCOUNT_PAGES: readonly PageRoute[] = [
  { method: "get", path: "/account", session: "account", handle: show },
  { method: "post", path: "/account/verify", session: "account", handle: verify },
  { method: "post", path: "/account/add", session: "account", handle: proven(add) },
  { method: "post", path: "/account/rename", session: "account", handle: proven(rename) },
  { method: "get", path: "/account/remove", session: "account", handle: proven(askToRemove) },
  { method: "post", path: "/account/remove", session: "account", handle: proven(remove) },
  { method: "post", path: "/account/recovery-codes", session: "account", handle: proven(renewCodes) },
  {
    method: "post",
    path: "/account/saved",
    session: "account",
    handle: proven((context) => changed(context, "recovery_codes_saved")),
  },
  { method: "post", path: "/account/remind-later", session: "account", handle: proven(remindLater) },
  { method: "post", path: "/account/suspicion", session: "account", handle: proven(answerToSuspicion) },
  { method: "post", path: "/account/not-me", session: "account", handle: proven(report) },
  { method: "post", path: "/account/sign-out", session: "account", handle: leave },
  { method: "post", path: "/account/finish", session: "account", handle: finish },
];

function proven(handle: PageRoute["handle"]): PageRoute["handle"] {
  return (context) => (isProven(context) ? handle(context) : show(context));
}

async function show(context: PageContext): Promise<PageReply> {
  if (!isProven(context)) return signIn(context);
  const { wants } = context.session.data;
  // `?method=` turns to another method of the step-up; the bare address is the way out of it.
  return wants && context.query.has("method") ? stepUp(context) : overviewOnce(context);
}

/**
 * The relying party vouches for the person and could ask us whether they have authenticators, so that one who has none
 * learns nothing new by being led to set up the first. It is counted as if it had asked.
 */
async function signIn(context: PageContext): Promise<PageReply> {
  const { deps, call, session } = context;
  const lookup = lookupOfSession(session);
  const active = await deps.store.authenticators.listActive(lookup);
  const { authorization } = session.data;
  // By OpenID Connect it vouches for a first enrolment in so many words; without them nobody looks different.
  if (authorization?.mayEnrol === false) return stepUp(context);
  const isKnown = active.length > 0;
  const sight = await takeSight(deps, call, { subjectLookup: lookup, isKnown, keyId: session.data.keyId });
  if (!sight.ok) return plain(context, "unavailable", 429);
  if (isKnown) return stepUp(context);
  return { location: "/enrol", session: await openEnrolment(context, "wanted") };
}

async function verify(context: PageContext): Promise<PageReply> {
  if (isProven(context) && !context.session.data.wants) return changed(context);
  const given = answerIn(context.form);
  const challenge = await openOnPage(context);
  if (!given || !challenge) return stepUp(context, { status: 400 });
  const answered = await decide(context, challenge, given);
  if (answered.ok) return accept(context, answered.verdict);
  const { problem, status, retryAfterSeconds } = answered;
  return stepUp(answered.context, { tried: { method: given.method, problem }, status, retryAfterSeconds });
}

async function accept(context: PageContext, { method }: Verdict): Promise<PageReply> {
  const { wants } = context.session.data;
  const answered = context.session.data.challenge;
  const data = { challenge: undefined, misses: undefined, wants: undefined, answered };
  const { context: risen, cookie } = await rise(context, { provenMethod: method, data });
  if (method === "recovery_code") await endOthers(risen.deps, risen.call, risen.session);
  const reply = await (wants ? carryOut(risen, wants) : changed(risen));
  return { ...reply, session: [cookie, ...[reply.session ?? []].flat()] };
}

async function remindLater(context: PageContext): Promise<PageReply> {
  return changed(await remember(context, { remindLater: true }));
}

async function report(context: PageContext): Promise<PageReply> {
  await reportSubject(context.deps, context.call, context.session);
  return changed(context, "reported");
}

async function answerToSuspicion(context: PageContext): Promise<PageReply> {
  const { deps, call, form, session } = context;
  const { answer } = form;
  if (answer !== "me" && answer !== "not_me") return { model: await overview(context), status: 400 };
  if (!(await openSuspicion(deps, lookupOfSession(session)))) return changed(context);
  await answerSuspicion(deps, call, session, answer === "me");
  return changed(context, answer === "me" ? "dismissed" : "reported");
}

async function leave({ deps, call, frame, session }: PageContext): Promise<PageReply> {
  await signOut(deps, call, session);
  return {
    model: { ...frame, csrf: "", page: "account", view: "signed_out" },
    session: [
      { kind: "account", token: null },
      { kind: "enrol", token: null },
    ],
  };
}

async function finish(context: PageContext): Promise<PageReply> {
  const { authorization, returnUrl } = context.session.data;
  if (returnUrl === undefined) return isProven(context) ? { model: await overview(context) } : show(context);
  const back = authorization === undefined ? { location: returnUrl } : await backFromAccount(context);
  await endSession(context.deps, context.session);
  return { ...back, session: { kind: "account", token: null } };
}

/** What was answered to get in is what the relying party learns. */
function backFromAccount(context: PageContext): Promise<PageReply> {
  const { answered } = context.session.data;
  if (answered === undefined) return backRefused(context, "access_denied");
  return backApproved(context, { challenge: answered, sinceMs: 0 });
}
