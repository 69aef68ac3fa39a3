import type { Json } from "./service.ts";

const NONE = "0".repeat(26);

/** A well-formed request to every route, about things that do not exist; `{…}` in paths is filled in. */
export const WELL_FORMED: Readonly<Record<string, Readonly<{ path?: string; body: Json }>>> = {
  "/v1/verify": { body: { subject: "nobody", totp: "123456" } },
  "/v1/challenges": { body: { subject: "nobody" } },
  "/v1/challenges/redeem": { body: { challenge: `ch_${NONE}` } },
  "/v1/enrolments": { body: { subject: "nobody", method: "totp" } },
  "/v1/enrolments/{enrolment}/confirm": { path: `/v1/enrolments/en_${NONE}/confirm`, body: { totp: "123456" } },
  "/v1/authenticators/list": { body: { subject: "nobody" } },
  "/v1/authenticators/rename": { body: { subject: "nobody", authenticator: `au_${NONE}`, label: "Phone" } },
  "/v1/authenticators/revoke": { body: { subject: "nobody", authenticator: `au_${NONE}`, proof: `ch_${NONE}` } },
  "/v1/recovery-codes/regenerate": { body: { subject: "nobody", proof: `ch_${NONE}` } },
  "/v1/subjects/status": { body: { subject: "nobody" } },
  "/v1/subjects/delete": { body: { subject: "nobody", reason: "test" } },
  "/v1/passwords/assess": { body: { password: "correct horse battery staple" } },
  "/v1/links": { body: { page: "account", subject: "nobody" } },
  "/v1/events/list": { body: {} },
  "/v1/receipts/inspect": { body: { receipt: "a.b.c" } },
};

/** The request of `WELL_FORMED` for a route. */
export function wellFormed(routePath: string): Readonly<{ path: string; body: Json }> {
  const request = WELL_FORMED[routePath];
  if (request === undefined) throw new Error(`no request for ${routePath}: add one`);
  return { path: routePath, ...request };
}
