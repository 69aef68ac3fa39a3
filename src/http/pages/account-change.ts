import { lookupOfSession } from "../../flows/end-sessions.ts";
import { renameAuthenticator, revokeAuthenticator } from "../../flows/manage-authenticators.ts";
import { mayHaveRecoveryCodes, renewRecoveryCodes } from "../../flows/recovery-set.ts";
import { mayEnrol } from "../../flows/session-rights.ts";
import { type AccountWish, openSession, type SessionData } from "../../flows/sessions.ts";
import { startEnrolment } from "../../flows/start-enrolment.ts";
import { PROBLEMS } from "../problem.ts";
import { label } from "../v1/schemas.ts";
import { withFreshProof } from "./account-step-up.ts";
import { changed, overview, removeModel } from "./account-view.ts";
import { viewAuthenticators } from "./authenticator-view.ts";
import type { PageContext, PageReply, SessionCookie } from "./page-route.ts";
import { remember } from "./replies.ts";

/** `POST /account/rename`: needs no fresh proof, since a name decides nothing. */
export async function rename(context: PageContext): Promise<PageReply> {
  const { deps, call, form, session } = context;
  const named = label.safeParse((form.label ?? "").trim());
  if (!named.success || named.data === "") return { model: await overview(context), status: 400 };
  const own = await find(context, form.authenticator);
  if (own === undefined) return changed(context);
  const input = { lookup: lookupOfSession(session), authenticatorId: own, label: named.data };
  const renamed = await renameAuthenticator(deps, call, input);
  return changed(context, renamed.ok ? "renamed" : undefined);
}

/** `POST /account/add`: goes on at the enrolment page, which comes back here. */
export async function add(context: PageContext): Promise<PageReply> {
  const { method } = context.form;
  if (method !== "totp" && method !== "webauthn") return { model: await overview(context), status: 400 };
  const { deps, call, session } = context;
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  const start = () => startAdding(context, method);
  return mayEnrol(session, active, call.nowMs) ? start() : withFreshProof(context, { change: "add", method }, start);
}

/** `GET /account/remove?n=`: the place in the list, so that no id stands in an address. */
export async function askToRemove(context: PageContext): Promise<PageReply> {
  const { deps, query, session } = context;
  const listed = viewAuthenticators(await deps.store.authenticators.listActive(lookupOfSession(session)));
  const id = listed[Number(query.get("n")) - 1]?.id;
  return id === undefined ? { location: "/account" } : confirmRemoval(context, id);
}

/** `POST /account/remove`. */
export async function remove(context: PageContext): Promise<PageReply> {
  const id = await find(context, context.form.authenticator);
  if (id === undefined) return changed(context);
  return withFreshProof(context, { change: "remove", authenticator: id }, async () => {
    const { deps, call, session } = context;
    const input = { lookup: lookupOfSession(session), authenticatorId: id };
    const revoked = await revokeAuthenticator(deps, call, input);
    return changed(context, revoked.ok ? "removed" : undefined);
  });
}

/** `POST /account/recovery-codes`. */
export async function renewCodes(context: PageContext): Promise<PageReply> {
  const { deps, session } = context;
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  if (!mayHaveRecoveryCodes(active)) return changed(context);
  return withFreshProof(context, { change: "renew_codes" }, () => renew(context));
}

/** Goes on with what waited for a proof. */
export async function carryOut(context: PageContext, wish: AccountWish): Promise<PageReply> {
  switch (wish.change) {
    case "add":
      return withFreshProof(context, wish, () => startAdding(context, wish.method));
    case "remove":
      return confirmRemoval(context, wish.authenticator);
    case "renew_codes":
      return renewCodes(context);
    default:
      return wish satisfies never;
  }
}

/** Opens an enrolment session for the person, who comes from the account page. */
export async function openEnrolment(
  { deps, call, session }: PageContext,
  account: "open" | "wanted",
  more: SessionData = {},
): Promise<SessionCookie> {
  const { provenAtMs, provenMethod, realmId, rpId, subjectLookup } = session.stored;
  const { accountName, authorization, returnUrl, uiLocales } = session.data;
  const terms = { kind: "enrol", realmId, rpId, subjectLookup, provenAtMs, provenMethod } as const;
  const data = { accountName, authorization, returnUrl, uiLocales, account, ...more };
  return { kind: "enrol", token: await openSession(deps, { ...terms, data, nowMs: call.nowMs }) };
}

async function startAdding(context: PageContext, method: "totp" | "webauthn"): Promise<PageReply> {
  const { deps, call, session } = context;
  const { accountName } = session.data;
  const input = { lookup: lookupOfSession(session), method, accountName, createdBy: call.rpId };
  const started = await startEnrolment(deps, call, input);
  if (!started.ok) return { model: await overview(context), status: PROBLEMS[started.denial.code].status };
  await remember(context, { addingSinceMs: call.nowMs });
  return { location: "/enrol", session: await openEnrolment(context, "open", { enrolment: started.value.id }) };
}

async function confirmRemoval(context: PageContext, authenticator: string): Promise<PageReply> {
  return withFreshProof(context, { change: "remove", authenticator }, async () => {
    const model = await removeModel(context, authenticator);
    return model ? { model } : changed(context);
  });
}

/** The new codes leave with this answer and are kept nowhere. */
async function renew(context: PageContext): Promise<PageReply> {
  const { deps, call, frame, session } = context;
  const codes = await renewRecoveryCodes(deps, call, { lookup: lookupOfSession(session), createdBy: call.rpId });
  if (!codes) return changed(context);
  const createdAt = new Date(call.nowMs).toISOString();
  const recoveryCodes = { codes, createdAt, serviceName: frame.relyingParty?.name ?? call.realm.name };
  return { model: { ...frame, page: "account", view: "recovery_codes", recoveryCodes } };
}

/** The id, if it is that of one of the person's listed authenticators. */
async function find({ deps, session }: PageContext, id: string | undefined): Promise<string | undefined> {
  const active = await deps.store.authenticators.listActive(lookupOfSession(session));
  return viewAuthenticators(active).find((one) => one.id === id)?.id;
}
