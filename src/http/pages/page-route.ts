import type { Context, Hono } from "hono";
import type { Realm } from "../../domain/realm.ts";
import type { Call } from "../../flows/call.ts";
import { readSession, type Session } from "../../flows/sessions.ts";
import { takePageSource } from "../../flows/source.ts";
import type { Deps } from "../../ports/deps.ts";
import type { SessionKind } from "../../ports/store.ts";
import type { Env } from "../env.ts";
import { brandView } from "./brand.ts";
import { expiredCookie, readCookie, sessionCookie } from "./cookies.ts";
import { type Form, isSameOrigin, readForm } from "./form.ts";
import { pageHeaders } from "./headers.ts";
import { ADMIN_LANGUAGES, chooseLanguage, LANGUAGES } from "./language.ts";
import type { Frame, PageModel, PlainModel } from "./models.ts";
import type { PageSurface } from "./surface.ts";

/** Our own name where a relying party's would stand: administrators are subjects of the service itself. */
export const SELF_RP_ID = "rp_countersign";

/** What a page's handler starts from. */
export type PageContext = Readonly<{
  deps: Deps;
  call: Call;
  session: Session;
  frame: Frame;
  form: Form;
  query: URLSearchParams;
  /** Path parameters. */
  path: Readonly<Record<string, string>>;
  clientAddress: string | undefined;
  /** Our script asked: it shows a view at once, where a browser without it is sent to the page that shows it. */
  scripted: boolean;
}>;

/** Sets a session's cookie, or with null forgets it. */
export type SessionCookie = Readonly<{ kind: SessionKind; token: string | null }>;

/** What a handler answers: a view, or the way on, and the cookies of sessions that it opened or ended. */
export type PageReply = Readonly<{ session?: SessionCookie | readonly SessionCookie[] }> &
  (PageView | Readonly<{ location: string }>);

/** `status` is 200 unless it says otherwise. */
export type PageView = Readonly<{ model: PageModel; status?: number; retryAfterSeconds?: number }>;

export type PageRoute = Readonly<{
  method: "get" | "post";
  path: string;
  session: SessionKind;
  /** Where a browser without a session is sent; without it the page says that the session is over. */
  signIn?: string;
  handle: (context: PageContext) => Promise<PageReply>;
}>;

/** Mounts a page that needs a session: the session, then for posts the source, origin, form and token, then the handler. */
export function mountPage(app: Hono<Env>, deps: Deps, surface: PageSurface, route: PageRoute): void {
  app.on(route.method, route.path, async (c) => {
    const nowMs = deps.clock.now();
    const token = readCookie(deps.publicUrl, route.session, c.req.header("cookie") ?? null);
    const session = await readSession(deps, { kind: route.session, token, nowMs });
    const respond = (reply: PageReply) => toResponse(c, deps, surface, reply, session?.data.returnUrl);
    if (!session && route.signIn !== undefined) return respond({ location: route.signIn });
    if (!session) return respond({ model: plainModel(c, deps, "session_expired"), status: 401 });
    const call = await callOf(deps, session, { requestId: c.get("requestId"), nowMs });
    const slow = route.method === "post" ? await tooMany(c, deps, call) : undefined;
    if (slow) return respond(slow);
    const form = await readTrustedForm(c, deps, route, session);
    if (!form) return respond({ model: plainModel(c, deps, "bad_request"), status: 400 });
    const frame = await frameOf(c, deps, { session, realm: call.realm });
    const query = new URL(c.req.url).searchParams;
    return respond(
      await route.handle({
        deps,
        call,
        session,
        frame,
        form,
        query,
        path: c.req.param(),
        get clientAddress() {
          return c.env?.clientAddress;
        },
        scripted: wantsJson(c),
      }),
    );
  });
}

/** What a source is told that follows too many links or posts too many forms; undefined for any other. */
export async function tooMany(
  c: Context<Env>,
  deps: Deps,
  call: Pick<Call, "realm" | "nowMs">,
): Promise<PageView | undefined> {
  const source = await takePageSource(deps, call, c.env?.clientAddress);
  if (source.ok) return undefined;
  const { retryAfterSeconds } = source.denial;
  return { model: plainModel(c, deps, "too_many"), status: 429, retryAfterSeconds };
}

/** A page without a session. */
export function plainModel(c: Context<Env>, deps: Deps, view: PlainModel["view"]): PlainModel {
  return {
    page: "plain",
    view,
    lang: chooseLanguage({ header: c.req.header("accept-language") ?? null }),
    csrf: "",
    host: new URL(deps.publicUrl).host,
  };
}

/** The answer as the browser asked for it: JSON for our script, HTML or 303 without it. */
export function toResponse(
  c: Context<Env>,
  deps: Deps,
  surface: PageSurface,
  reply: PageReply,
  returnUrl?: string,
): Response {
  const asJson = wantsJson(c);
  const headers = pageHeaders(deps.publicUrl, returnUrl);
  headers["x-request-id"] = c.get("requestId");
  if (asJson) headers["content-type"] = "application/json";
  const cookies = [reply.session ?? []].flat();
  if (cookies.some(({ token }) => token === null)) headers["clear-site-data"] = '"cache", "storage"';
  if ("location" in reply) return withCookies(deps, cookies, redirect(headers, reply.location, asJson));
  if (reply.retryAfterSeconds !== undefined) headers["retry-after"] = String(reply.retryAfterSeconds);
  const body = asJson ? JSON.stringify({ model: reply.model }) : surface.render(reply.model);
  return withCookies(deps, cookies, { body, status: reply.status ?? 200, headers });
}

type Answer = Readonly<{ body: string | null; status: number; headers: Record<string, string> }>;

/** Headers stay a plain record where they can, which the web server writes as it is. */
function withCookies(deps: Deps, cookies: readonly SessionCookie[], { body, status, headers }: Answer): Response {
  const [cookie, ...others] = cookies.map(({ kind, token }) =>
    token === null ? expiredCookie(deps.publicUrl, kind) : sessionCookie(deps.publicUrl, kind, token),
  );
  if (cookie !== undefined) headers["set-cookie"] = cookie;
  const response = new Response(body, { status, headers });
  for (const other of others) response.headers.append("set-cookie", other);
  return response;
}

function wantsJson(c: Context<Env>): boolean {
  return c.req.method === "POST" && (c.req.header("accept") ?? "").includes("application/json");
}

function redirect(page: Record<string, string>, location: string, asJson: boolean): Answer {
  if (asJson) return { body: JSON.stringify({ location }), status: 200, headers: page };
  const { "content-type": _, ...headers } = page;
  // 303, so that what was posted is not posted on (RFC 9700 §4.12).
  return { body: null, status: 303, headers: { ...headers, location } };
}

async function readTrustedForm(
  c: Context<Env>,
  deps: Deps,
  route: PageRoute,
  session: Session,
): Promise<Form | undefined> {
  if (route.method === "get") return {};
  if (!isSameOrigin(c.req.raw, deps.publicUrl)) return undefined;
  const form = await readForm(c.req.raw);
  if (!form.ok || !deps.keyring.sameText(form.value.csrf ?? "", session.csrf)) return undefined;
  return form.value;
}

async function callOf(deps: Deps, session: Session, of: Readonly<{ requestId: string; nowMs: number }>): Promise<Call> {
  const { rpId, realmId } = session.stored;
  return { ...of, rpId: rpId ?? SELF_RP_ID, realm: await deps.realms.get(realmId) };
}

async function frameOf(
  c: Context<Env>,
  deps: Deps,
  { session, realm }: Readonly<{ session: Session; realm: Realm }>,
): Promise<Frame> {
  const rp = session.stored.rpId === null ? undefined : await deps.store.relyingParties.find(session.stored.rpId);
  const { returnUrl, uiLocales } = session.data;
  const offered = session.stored.kind === "admin" ? ADMIN_LANGUAGES : LANGUAGES;
  return {
    lang: chooseLanguage({ header: c.req.header("accept-language") ?? null, uiLocales, offered }),
    csrf: session.csrf,
    host: new URL(deps.publicUrl).host,
    brand: brandView(deps, realm),
    relyingParty: rp && { name: rp.name, host: returnUrl === undefined ? undefined : new URL(returnUrl).host },
  };
}
