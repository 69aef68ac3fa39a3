import type { Hono } from "hono";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import { openApiDocument } from "../openapi.ts";
import type { Route } from "../route.ts";
import { referencePage } from "./page.ts";
import { passwordFieldPage } from "./password-field.ts";
import { REFERENCE_STYLE } from "./style.ts";

const COMMON_HEADERS = {
  "cache-control": "public, max-age=300",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};
const PAGE_HEADERS = {
  ...COMMON_HEADERS,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** The password field's own script, and the ranges that it asks for. */
const FIELD_HEADERS = {
  ...PAGE_HEADERS,
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
};

/**
 * The API reference for people, made from the same declarations as /openapi.json, without any script; and the password
 * field, live. No outside origin.
 */
export function mountReference(app: Hono<Env>, deps: Deps, routes: readonly Route[]): void {
  let page: string | undefined;
  app.get("/reference", () => {
    page ??= referencePage(openApiDocument(routes, deps.publicUrl));
    return new Response(page, { headers: PAGE_HEADERS });
  });
  app.get(
    "/reference/password-field",
    () => new Response(passwordFieldPage(deps.publicUrl), { headers: FIELD_HEADERS }),
  );
  app.get(
    "/reference.css",
    () => new Response(REFERENCE_STYLE, { headers: { ...COMMON_HEADERS, "content-type": "text/css; charset=utf-8" } }),
  );
}
