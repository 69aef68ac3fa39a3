import { Hono } from "hono";
import { newId } from "./domain/ids.ts";
import type { Env } from "./http/env.ts";
import { failureOf, forgotten } from "./http/failure.ts";
import { mountHealth } from "./http/health.ts";
import { mountApi } from "./http/mount-api.ts";
import { mountOidc } from "./http/oidc/mount.ts";
import { mountPages } from "./http/pages/mount.ts";
import type { PageSurface } from "./http/pages/surface.ts";
import { problemResponse } from "./http/problem.ts";
import { mountRange } from "./http/range.ts";
import { mountReference } from "./http/reference/mount.ts";
import { V1_ROUTES } from "./http/v1/index.ts";
import { mountWellKnown } from "./http/well-known.ts";
import type { Deps } from "./ports/deps.ts";

/** The whole service as one Hono app, free of any runtime. Without `pages` it is the API alone. */
export function createApp(deps: Deps, pages?: PageSurface): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("requestId", newId("req", deps.random.bytes));
    const incarnation = deps.store.incarnation();
    await next();
    await settle(deps, c);
    const requestId = c.get("requestId");
    if (deps.store.incarnation() !== incarnation) c.res = problemResponse(forgotten(deps, requestId), requestId);
  });
  app.onError((error, c) => failure(deps, error, c.get("requestId")));
  app.notFound((c) => problemResponse({ code: "not_found" }, c.get("requestId")));
  mountHealth(app, deps);
  mountWellKnown(app, deps, V1_ROUTES);
  mountReference(app, deps, V1_ROUTES);
  mountRange(app, deps);
  mountApi(app, deps, V1_ROUTES);
  mountOidc(app, deps);
  if (pages) mountPages(app, deps, pages);
  return app;
}

/** No answer leaves before what it rests on is durable, its own writes and those it has read. */
async function settle(
  deps: Deps,
  c: Readonly<{ get: (name: "requestId") => string }> & { res: Response },
): Promise<void> {
  try {
    await deps.store.committed();
  } catch (error) {
    c.res = failure(deps, error, c.get("requestId"));
  }
}

function failure(deps: Deps, error: unknown, requestId: string): Response {
  return problemResponse(failureOf(deps, error, requestId), requestId);
}
