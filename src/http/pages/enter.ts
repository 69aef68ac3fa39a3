import type { Hono } from "hono";
import { DEFAULT_REALM_ID } from "../../domain/realm.ts";
import { enterLink } from "../../flows/links.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Env } from "../env.ts";
import { plainModel, tooMany, toResponse } from "./page-route.ts";
import type { PageSurface } from "./surface.ts";

/**
 * `GET /enter/{token}`: uses up a one-time link and goes on to its page, whose address holds no secret. Used, expired
 * and unknown links look alike. Hono answers HEAD from GET handlers, so HEAD has its own: a preview must not use it up.
 */
export function mountEnter(app: Hono<Env>, deps: Deps, surface: PageSurface): void {
  app.get("/enter/:token", async (c) => {
    const expired = () => toResponse(c, deps, surface, { model: plainModel(c, deps, "link_expired"), status: 404 });
    if (c.req.method === "HEAD") return expired();
    const realm = await deps.realms.get(DEFAULT_REALM_ID);
    const slow = await tooMany(c, deps, { realm, nowMs: deps.clock.now() });
    if (slow) return toResponse(c, deps, surface, slow);
    const terms = { token: c.req.param("token"), requestId: c.get("requestId"), nowMs: deps.clock.now() };
    const entered = await enterLink(deps, terms);
    if (!entered.ok) return expired();
    const { kind, token } = entered.value;
    return toResponse(c, deps, surface, { location: `/${kind}`, session: { kind, token } });
  });
}
