import type { SessionKind } from "../../ports/store.ts";

/**
 * A session cookie (requirement S-03). `__Host-` and Secure wherever the service is reached by https; on http, which
 * only localhost may use, browsers differ in whether they would keep such a cookie.
 */
export function sessionCookie(publicUrl: string, kind: SessionKind, token: string): string {
  return `${cookieName(publicUrl, kind)}=${token}; ${attributes(publicUrl)}`;
}

/** The same cookie, forgotten. */
export function expiredCookie(publicUrl: string, kind: SessionKind): string {
  return `${cookieName(publicUrl, kind)}=; ${attributes(publicUrl)}; Max-Age=0`;
}

/** The session token that the browser sent. */
export function readCookie(publicUrl: string, kind: SessionKind, header: string | null): string | undefined {
  const name = cookieName(publicUrl, kind);
  const pairs = (header ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function cookieName(publicUrl: string, kind: SessionKind): string {
  return publicUrl.startsWith("https:") ? `__Host-countersign-${kind}` : `countersign-${kind}`;
}

function attributes(publicUrl: string): string {
  return `Path=/; HttpOnly; SameSite=Lax${publicUrl.startsWith("https:") ? "; Secure" : ""}`;
}
