import type { Hono } from "hono";
import type { Deps } from "../ports/deps.ts";
import type { Env } from "./env.ts";

/** Liveness and readiness: a status and nothing else to outsiders. */
export function mountHealth(app: Hono<Env>, deps: Deps): void {
  app.get("/health/live", () => answer(true));
  app.get("/health/ready", async () => {
    try {
      const realms = await deps.store.realms.list();
      return answer(realms.length > 0);
    } catch {
      deps.logger.error("not_ready");
      return answer(false);
    }
  });
}

function answer(isWell: boolean): Response {
  const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  return Response.json({ status: isWell ? "ok" : "unavailable" }, { status: isWell ? 200 : 503, headers });
}
