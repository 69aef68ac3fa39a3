import { Hono } from "hono";
import { newId } from "./domain/ids.ts";
import type { Env } from "./http/env.ts";
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
import { PasswordEstimatorError } from "./ports/password-estimator.ts";

/** The whole service as one Hono app, free of any runtime. Without `pages` it is the API alone. */
export function createApp(deps: Deps, pages?: PageSurface): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("requestId", newId("req", deps.random.bytes));
    const incarnation = deps.store.incarnation();
    await next();
    await settle(deps, c);
    if (deps.store.incarnation() !== incarnation) c.res = outage(deps, "forgotten", c.get("requestId"));
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

/** The database may have lost what the request had decided on: its answer is not given. */
function outage(deps: Deps, cause: string, requestId: string): Response {
  deps.logger.error("request_failed", { requestId, code: "unavailable", cause });
  return problemResponse({ code: "unavailable", retryAfterSeconds: 1 }, requestId);
}

/** The last resort: says nothing of the cause, and logs only what cannot hold a secret. */
function failure(deps: Deps, error: unknown, requestId: string): Response {
  const isOutage = error instanceof PasswordEstimatorError || deps.store.isOutage(error);
  const code = isOutage ? "unavailable" : "internal";
  deps.logger.error("request_failed", { requestId, code, error: nameOf(error), cause: codeOf(error) });
  return problemResponse({ code, retryAfterSeconds: isOutage ? 1 : undefined }, requestId);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? undefined : codeOf(error.cause);
}
