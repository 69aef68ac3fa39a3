import type { Hono } from "hono";
import type { Deps } from "../../ports/deps.ts";
import { mountAdmin } from "../admin/mount.ts";
import type { Env } from "../env.ts";
import { ACCOUNT_PAGES } from "./account.ts";
import { mountAssets } from "./asset.ts";
import { mountAuthorize } from "./authorize.ts";
import { mountBrand } from "./brand.ts";
import { ENROL_PAGES } from "./enrol.ts";
import { mountEnter } from "./enter.ts";
import { mountPage, type PageRoute } from "./page-route.ts";
import { PASSKEY_FAULT_PAGES } from "./passkey-fault.ts";
import { PROMPT_PAGES } from "./prompt.ts";
import type { PageSurface } from "./surface.ts";

const PAGES: readonly PageRoute[] = [...ENROL_PAGES, ...PROMPT_PAGES, ...ACCOUNT_PAGES, ...PASSKEY_FAULT_PAGES];

/** Mounts the web UI: links, the pages for people, the pages for administrators, assets. */
export function mountPages(app: Hono<Env>, deps: Deps, surface: PageSurface): void {
  mountEnter(app, deps, surface);
  mountAuthorize(app, deps, surface);
  mountBrand(app, deps);
  for (const page of [...PAGES, ...PAGES.flatMap(wayBack)]) mountPage(app, deps, surface, page);
  mountAdmin(app, deps, surface);
  mountAssets(app, deps, surface);
  app.get("/countersign-password.js", () => new Response(PASSWORD_FIELD, { headers: PASSWORD_FIELD_HEADERS }));
  app.post("/csp-report", (c) => {
    deps.logger.warn("csp_violation", { requestId: c.get("requestId") });
    return new Response(null, { status: 204 });
  });
}

/** The address that pages of any origin load the password field from, whatever its files are called. */
const PASSWORD_FIELD = 'import "./assets/countersign-password.js";\n';
const PASSWORD_FIELD_HEADERS = {
  "content-type": "text/javascript; charset=utf-8",
  "cache-control": "public, max-age=3600",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
};

/** Where a form was posted to, reached by reloading: no dead end, but the page of the same session. */
function wayBack({ method, path, session }: PageRoute): readonly PageRoute[] {
  const isOnlyPosted = method === "post" && !PAGES.some((page) => page.method === "get" && page.path === path);
  return isOnlyPosted ? [{ method: "get", path, session, handle: async () => ({ location: `/${session}` }) }] : [];
}
