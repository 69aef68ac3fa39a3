import { createHash, timingSafeEqual } from "node:crypto";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { Session } from "./sessions.ts";
import { userIn } from "./sessions.ts";
import type { Form, Shop, ShopEnv } from "./shop-env.ts";
import type { User } from "./users.ts";
import { layout, type Page } from "./views/layout.ts";
import { plainPage } from "./views/plain.ts";

/**
 * Strict headers on every answer: no script but Countersign's password field, styles and pictures of our own, forms only
 * to us and Countersign.
 */
export function secureHeaders(shop: Shop): MiddlewareHandler<ShopEnv> {
  const policy = [
    "default-src 'none'",
    `script-src ${shop.countersignOrigin}`,
    `connect-src ${shop.countersignOrigin}`,
    "style-src 'self'",
    "img-src 'self'",
    // Browsers apply form-action to the redirect that follows a post, and ours may lead to Countersign.
    `form-action 'self' ${shop.countersignOrigin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return async (c, next) => {
    c.header("Content-Security-Policy", policy);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("Referrer-Policy", "same-origin");
    c.header("Cross-Origin-Opener-Policy", "same-origin");
    c.header("Cache-Control", "no-store");
    await next();
  };
}

/** Reads the session's cookie; a post without a session, or without the session's token in its form, goes no further. */
export function sessionGuard(shop: Shop): MiddlewareHandler<ShopEnv> {
  return async (c, next) => {
    const session = shop.sessions.find(getCookie(c, cookieName(shop)));
    c.set("session", session);
    if (c.req.method === "POST") {
      const form = await readForm(c.req.raw);
      if (!session || !form || !isSameSecret(form.csrf ?? "", session.csrf)) return show(c, shop, plainPage.stale);
      c.set("form", form);
    }
    await next();
  };
}

/** The browser's session; a new one, with its cookie, when it has none. */
export function ensureSession(c: Context<ShopEnv>, shop: Shop): Session {
  const session = c.get("session");
  if (session) return session;
  return adopt(c, shop, shop.sessions.open());
}

/** Makes a session the browser's own: called with what `rotate` returned, whenever a session comes to more. */
export function adopt(c: Context<ShopEnv>, shop: Shop, session: Session): Session {
  const isHttps = shop.url.startsWith("https:");
  setCookie(c, cookieName(shop), session.id, { path: "/", httpOnly: true, sameSite: "Lax", secure: isHttps });
  c.set("session", session);
  return session;
}

/** Answers with a page in the shop's frame, and with what the session had to say once. */
export function show(c: Context<ShopEnv>, shop: Shop, page: Page): Response | Promise<Response> {
  const session = c.get("session");
  const user = session?.standing.stage === "signed_in" ? shop.users.find(session.standing.userId) : undefined;
  const notice = session?.notice;
  if (session && notice !== undefined) shop.sessions.change(session.id, { notice: undefined });
  if (page.retryAfterSeconds !== undefined) c.header("Retry-After", String(page.retryAfterSeconds));
  return c.html(layout(page, { csrf: session?.csrf, userName: user?.name, notice }), page.status ?? 200);
}

/** On to a page of ours, with something to say there. */
export function goTo(c: Context<ShopEnv>, shop: Shop, path: string, notice?: string): Response {
  const session = c.get("session");
  if (session && notice !== undefined) shop.sessions.change(session.id, { notice });
  return c.redirect(path, 303);
}

export type SignedIn = Readonly<{ session: Session; user: User }>;

/** A handler for people who are signed in, second step included where they have one; others are sent to sign in. */
export function forSignedIn(
  shop: Shop,
  handle: (c: Context<ShopEnv>, who: SignedIn) => Response | Promise<Response>,
): (c: Context<ShopEnv>) => Response | Promise<Response> {
  return (c) => {
    const session = c.get("session");
    const user = session?.standing.stage === "signed_in" ? shop.users.find(userIn(session.standing)) : undefined;
    return session && user ? handle(c, { session, user }) : c.redirect("/sign-in", 303);
  };
}

/** The browser's address, for Countersign's limit of each source. Behind a proxy this has to be the forwarded one. */
export function addressOf(c: Context<ShopEnv>): string | undefined {
  return getConnInfo(c).remote.address;
}

/** Whether two secrets are the same, without telling by the time it takes how much of them is. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** On https the browser itself makes sure that no other host has set the cookie. */
function cookieName(shop: Shop): string {
  return shop.url.startsWith("https:") ? "__Host-shop-session" : "shop-session";
}

async function readForm(request: Request): Promise<Form | undefined> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return undefined;
  return Object.fromEntries(new URLSearchParams(await request.text()));
}
