import type { Context, Hono } from "hono";
import { ADMIN_REALM_ID } from "../../domain/realm.ts";
import { askSignIn, signInAdministrator, signOutAdministrator } from "../../flows/admin-sign-in.ts";
import type { Call } from "../../flows/call.ts";
import { endSession, openSession, readSession, type Session, updateSession } from "../../flows/sessions.ts";
import { takeSource } from "../../flows/source.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import { readCookie } from "../pages/cookies.ts";
import { ADMIN_LANGUAGES, chooseLanguage } from "../pages/language.ts";
import type { PageReply, PageRoute } from "../pages/page-route.ts";
import { plainModel, SELF_RP_ID, toResponse } from "../pages/page-route.ts";
import type { PageSurface } from "../pages/surface.ts";
import { type AdminRoute, HOME, PROBLEM_STATUS, readResponse, SIGN_IN } from "./admin-route.ts";

/** `GET /admin/sign-in`: opens a session in which nobody is signed in yet, for the question on the page. */
export function mountSignIn(app: Hono<Env>, deps: Deps, surface: PageSurface): void {
  app.get(SIGN_IN, async (c) => {
    const call = await adminRealmCall(c, deps);
    const respond = (reply: PageReply) => toResponse(c, deps, surface, reply);
    const source = await takeSource(deps, call, c.env?.clientAddress);
    if (!source.ok) {
      const { retryAfterSeconds } = source.denial;
      return respond({ model: plainModel(c, deps, "unavailable"), status: 429, retryAfterSeconds });
    }
    const token = readCookie(deps.publicUrl, "admin", c.req.header("cookie") ?? null);
    const session = await readSession(deps, { kind: "admin", token, nowMs: call.nowMs });
    if (session && (await isSignedIn(deps, session))) return respond({ location: HOME });
    const question = await askSignIn(deps, call);
    const opened = await sessionFor(deps, call, { session, challenge: question.id });
    const { host } = new URL(deps.publicUrl);
    const lang = chooseLanguage({ header: c.req.header("accept-language") ?? null, offered: ADMIN_LANGUAGES });
    const model = { lang, host, csrf: opened.csrf, page: "admin", view: "sign_in", options: question.options } as const;
    return respond({ model, ...(opened.token !== undefined && { session: { kind: "admin", token: opened.token } }) });
  });
}

/** A call in the administrators' realm, before anybody is signed in. */
export async function adminRealmCall(c: Context<Env>, deps: Deps): Promise<Call> {
  const realm = await deps.realms.get(ADMIN_REALM_ID);
  return { requestId: c.get("requestId"), nowMs: deps.clock.now(), rpId: SELF_RP_ID, realm };
}

async function isSignedIn(deps: Deps, session: Session): Promise<boolean> {
  const id = session.data.administrator;
  return id !== undefined && (await deps.store.administrators.find(id)) !== undefined;
}

/** Takes the session that the browser has, or opens one; `token` is there when it is new. */
async function sessionFor(
  deps: Deps,
  call: Call,
  { session, challenge }: Readonly<{ session: Session | undefined; challenge: string }>,
): Promise<Readonly<{ csrf: string; token?: string }>> {
  if (session && session.data.administrator === undefined) return updateSession(deps, session, { challenge });
  const blank = { kind: "admin", realmId: call.realm.id, rpId: null, subjectLookup: null } as const;
  const unproven = { provenAtMs: null, provenMethod: null, data: { challenge }, nowMs: call.nowMs } as const;
  const token = await openSession(deps, { ...blank, ...unproven });
  const opened = await readSession(deps, { kind: "admin", token, nowMs: call.nowMs });
  if (!opened) throw new Error("a session just opened is not there");
  return { csrf: opened.csrf, token };
}

/** `POST /admin/sign-in`: one answer to the question on the page; a refusal comes with a new one, and no reason. */
export const signInPage: PageRoute = {
  method: "post",
  path: SIGN_IN,
  session: "admin",
  signIn: SIGN_IN,
  async handle({ deps, call, session, frame, form, clientAddress }) {
    const source = await takeSource(deps, call, clientAddress);
    if (!source.ok) {
      const { retryAfterSeconds } = source.denial;
      return { model: { ...frame, page: "plain", view: "unavailable" }, status: 429, retryAfterSeconds };
    }
    const input = { challenge: session.data.challenge, response: readResponse(form) };
    const signedIn = await signInAdministrator(deps, call, input);
    if (signedIn.ok) {
      await endSession(deps, session);
      return { location: HOME, session: { kind: "admin", token: signedIn.value } };
    }
    const { id, options } = await askSignIn(deps, call);
    await updateSession(deps, session, { challenge: id });
    const { problem } = signedIn;
    return { model: { ...frame, page: "admin", view: "sign_in", options, problem }, status: PROBLEM_STATUS[problem] };
  },
};

/** `POST /admin/sign-out` */
export const signOutRoute: AdminRoute = {
  method: "post",
  path: "/admin/sign-out",
  needs: "read",
  async handle({ deps, call }) {
    await signOutAdministrator(deps, call);
    return { location: SIGN_IN, session: { kind: "admin", token: null } };
  },
};
