import type { Hono } from "hono";
import { type AdminProblem, readName } from "../../domain/administrator.ts";
import { findInvitation, type Invitation } from "../../flows/admin-invite.ts";
import { enterInvitation, joinAdministrators, startJoining } from "../../flows/admin-join.ts";
import { updateSession } from "../../flows/sessions.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import type { PageContext, PageReply, PageRoute } from "../pages/page-route.ts";
import { plainModel, tooMany, toResponse } from "../pages/page-route.ts";
import type { PageSurface } from "../pages/surface.ts";
import { HOME, PROBLEM_STATUS, readResponse } from "./admin-route.ts";
import { adminRealmCall } from "./sign-in.ts";

const INVITE = "/admin/invite";

/**
 * `GET /admin/invite/{token}`: exchanges the link for a session, so that the page's own address holds no secret, and uses
 * nothing up. HEAD, as previews send it, gets no session.
 */
export function mountInvite(app: Hono<Env>, deps: Deps, surface: PageSurface): void {
  app.get(`${INVITE}/:token`, async (c) => {
    const call = await adminRealmCall(c, deps);
    const slow = await tooMany(c, deps, call);
    if (slow) return toResponse(c, deps, surface, slow);
    const token = c.req.method === "HEAD" ? undefined : await enterInvitation(deps, call, c.req.param("token"));
    if (token === undefined) {
      return toResponse(c, deps, surface, { model: plainModel(c, deps, "link_expired"), status: 404 });
    }
    return toResponse(c, deps, surface, { location: INVITE, session: { kind: "admin", token } });
  });
}

/** `GET /admin/invite`: what the invited person is about to become, and the passkey to make. */
export const invitePage: PageRoute = {
  method: "get",
  path: INVITE,
  session: "admin",
  handle: async (context) => withInvitation(context, (invitation) => showInvitation(context, invitation)),
};

/** `POST /admin/invite`: the new passkey; of several tries with one link, one wins. */
export const acceptPage: PageRoute = {
  method: "post",
  path: INVITE,
  session: "admin",
  handle: async (context) => withInvitation(context, (invitation) => accept(context, invitation)),
};

async function withInvitation(
  { deps, call, session, frame }: PageContext,
  next: (invitation: Invitation) => Promise<PageReply>,
): Promise<PageReply> {
  const invitation = await findInvitation(deps, session.data.invitation ?? "", call.nowMs);
  return invitation ? next(invitation) : { model: { ...frame, page: "plain", view: "link_expired" }, status: 404 };
}

async function accept(context: PageContext, invitation: Invitation): Promise<PageReply> {
  const { deps, call, session, form } = context;
  const name = readName(form.name);
  if (name === undefined) return showInvitation(context, invitation, "invalid_name");
  const { enrolment } = session.data;
  const joined = await joinAdministrators(deps, call, { invitation, enrolment, name, response: readResponse(form) });
  if (joined.ok) return { location: HOME, session: { kind: "admin", token: joined.value } };
  const { problem } = joined;
  return withInvitation(context, (still) => showInvitation(context, still, problem));
}

async function showInvitation(
  { deps, call, session, frame }: PageContext,
  invitation: Invitation,
  problem?: AdminProblem,
): Promise<PageReply> {
  const started = await startJoining(deps, call, { invitation, enrolment: session.data.enrolment });
  await updateSession(deps, session, { enrolment: started.enrolment });
  const { name, role } = invitation;
  return {
    model: { ...frame, page: "admin", view: "invite", name, role, options: started.options, problem },
    status: problem === undefined ? 200 : PROBLEM_STATUS[problem],
  };
}
