import { lookupOfSession } from "../../flows/end-sessions.ts";
import { openPrompt } from "../../flows/oidc/begin-authorization.ts";
import { readRequest } from "../../flows/oidc/stored-request.ts";
import { mayEnrol } from "../../flows/session-rights.ts";
import { endSession, openSession } from "../../flows/sessions.ts";
import { startEnrolment } from "../../flows/start-enrolment.ts";
import { PROBLEMS } from "../problem.ts";
import { confirmPasskey, confirmRecoveryCodes, confirmTotp } from "./enrol-confirm.ts";
import { enrolExpired, enrolModel } from "./enrol-view.ts";
import type { PageContext, PageReply, PageRoute, SessionCookie } from "./page-route.ts";
import { plain, remember, shown } from "./replies.ts";
import { backRefused } from "./way-back.ts";

/** Setting up an authenticator: choose, set up, save recovery codes, go back. */
export const ENROL_PAGES: readonly PageRoute[] = [
  {
    method: "get",
    path: "/enrol",
    session: "enrol",
    handle: async (context) => ({ model: await enrolModel(context) }),
  },
  { method: "post", path: "/enrol/method", session: "enrol", handle: start },
  { method: "post", path: "/enrol/totp", session: "enrol", handle: confirmTotp },
  { method: "post", path: "/enrol/passkey", session: "enrol", handle: confirmPasskey },
  { method: "post", path: "/enrol/codes", session: "enrol", handle: confirmRecoveryCodes },
  { method: "post", path: "/enrol/back", session: "enrol", handle: chooseAgain },
  { method: "post", path: "/enrol/saved", session: "enrol", handle: show },
  { method: "post", path: "/enrol/finish", session: "enrol", handle: finish },
];

async function show(context: PageContext): Promise<PageReply> {
  return shown(context, await enrolModel(context), "/enrol");
}

async function start(context: PageContext): Promise<PageReply> {
  const { method } = context.form;
  if (method !== "totp" && method !== "webauthn") return { model: await enrolModel(context), status: 400 };
  // The relying party has chosen.
  if (context.session.data.enrolmentIsFixed) return show(context);
  if (!(await isAllowed(context))) return refuse(context);
  await dropPending(context);
  const { deps, call, session } = context;
  const lookup = lookupOfSession(session);
  const { accountName } = session.data;
  const started = await startEnrolment(deps, call, { lookup, method, accountName, createdBy: call.rpId });
  if (!started.ok) return { model: await enrolModel(context), status: PROBLEMS[started.denial.code].status };
  return show(await remember(context, { enrolment: started.value.id, added: undefined, misses: undefined }));
}

async function chooseAgain(context: PageContext): Promise<PageReply> {
  if (context.session.data.enrolmentIsFixed) return show(context);
  if (!(await isAllowed(context))) return refuse(context);
  await dropPending(context);
  return show(await remember(context, { enrolment: undefined, added: undefined, misses: undefined }));
}

async function finish(context: PageContext): Promise<PageReply> {
  const { deps, call, session } = context;
  const { account, added, authorization, returnUrl } = session.data;
  if (account === undefined && authorization !== undefined) return goOn(context, authorization.request);
  if (account === undefined && returnUrl !== undefined) return leave(context, returnUrl);
  if (account === "open") return leave(context, "/account");
  const { provenAtMs, provenMethod, realmId, rpId, subjectLookup } = session.stored;
  if (added === undefined || provenAtMs === null) return show(context);
  const { accountName, uiLocales } = session.data;
  const data = { accountName, authorization, returnUrl, uiLocales };
  // Whoever has just set up an authenticator has proven it: the account page need not ask again, unless a relying party
  // waits for a proof that can be stated.
  const proven = authorization === undefined ? { provenAtMs, provenMethod } : { provenAtMs: null, provenMethod: null };
  const terms = { kind: "account", realmId, rpId, subjectLookup, ...proven, data } as const;
  const token = await openSession(deps, { ...terms, nowMs: call.nowMs });
  return leave(context, "/account", { kind: "account", token });
}

/** Whoever came by OpenID Connect has now something to answer the request with. Who set up nothing is refused. */
async function goOn(context: PageContext, request: string): Promise<PageReply> {
  const { deps, call, session } = context;
  const open = await readRequest(deps, request, call.nowMs);
  if (!open) return plain(context, "session_expired", 410);
  if (session.data.added === undefined)
    return { ...(await backRefused(context, "access_denied")), session: { kind: "enrol", token: null } };
  const begun = await openPrompt(deps, call, open);
  if (!begun) return plain(context, "session_expired", 410);
  if ("back" in begun) return leave(context, begun.back);
  return leave(context, `/${begun.page}`, { kind: begun.page, token: begun.token });
}

/** Done: what is left of the session could only add more. */
async function leave(context: PageContext, location: string, next?: SessionCookie): Promise<PageReply> {
  await endSession(context.deps, context.session);
  const ended = { kind: "enrol", token: null } as const;
  return { location, session: next ? [ended, next] : ended };
}

async function isAllowed({ deps, call, session }: PageContext): Promise<boolean> {
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  return mayEnrol(session, active, call.nowMs);
}

/** The account page can ask for a fresh proof; a relying party's link is over. */
async function refuse(context: PageContext): Promise<PageReply> {
  if (context.session.data.account === "open") return { location: "/account" };
  return { model: enrolExpired(context, false), status: PROBLEMS.step_up_required.status };
}

async function dropPending({ deps, session }: PageContext): Promise<void> {
  const { enrolment } = session.data;
  if (enrolment === undefined) return;
  await deps.store.atomically([deps.store.authenticators.dropOnePending(enrolment, lookupOfSession(session))]);
}
