import type { Method } from "../../domain/authenticator.ts";
import { readSession, replaceSession, type SessionData, updateSession } from "../../flows/sessions.ts";
import type { PageModel, PlainModel } from "./models.ts";
import type { PageContext, PageReply, SessionCookie } from "./page-route.ts";

/** Script gets the view at once. A browser without it is sent to the page that shows it: reloading posts nothing twice. */
export function shown(context: PageContext, model: PageModel, location: string): PageReply {
  return context.scripted ? { model } : { location };
}

/** One of the pages that end a session's way. */
export function plain(context: PageContext, view: PlainModel["view"], status: number): PageReply {
  return { model: { ...context.frame, page: "plain", view }, status };
}

/** Changes what the session carries; members given as undefined are dropped. */
export async function remember(context: PageContext, change: Partial<SessionData>): Promise<PageContext> {
  return { ...context, session: await updateSession(context.deps, context.session, change) };
}

/** The same session under a new token, now that it may do more (requirement S-02). */
export async function rise(
  context: PageContext,
  change: Readonly<{ provenMethod: Method; data: Partial<SessionData> }>,
): Promise<Readonly<{ context: PageContext; cookie: SessionCookie }>> {
  const { deps, call } = context;
  const { kind } = context.session.stored;
  const { nowMs } = call;
  const token = await replaceSession(deps, context.session, { ...change, provenAtMs: nowMs, nowMs });
  const session = await readSession(deps, { kind, token, nowMs });
  if (!session) throw new Error("a session just opened is not there");
  const frame = { ...context.frame, csrf: session.csrf };
  return { context: { ...context, session, frame }, cookie: { kind, token } };
}

/** The host that a registered URI leads to, as the address bar will show it. */
export function hostOf(returnUrl: string | undefined): string | undefined {
  return returnUrl === undefined ? undefined : new URL(returnUrl).host;
}
