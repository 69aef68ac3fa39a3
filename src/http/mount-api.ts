import type { Hono } from "hono";
import type { Deps } from "../ports/deps.ts";
import { type ApiRequest, answerRoute } from "./answer-route.ts";
import type { Env } from "./env.ts";
import { problemResponse, toResponse } from "./problem.ts";
import type { Route } from "./route.ts";
import { readBody } from "./strict-json.ts";

/** Mounts the routes of the relying-party API. */
export function mountApi(app: Hono<Env>, deps: Deps, routes: readonly Route[]): void {
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.post(path, async (c) =>
      toResponse(await answerRoute(deps, route, requestOf(c.req.raw, c.get("requestId"), c.req.param()))),
    );
    app.all(path, (c) => problemResponse({ code: "method_not_allowed" }, c.get("requestId")));
  }
}

function requestOf(request: Request, requestId: string, path: ApiRequest["path"]): ApiRequest {
  return { requestId, path, header: (name) => request.headers.get(name), text: () => readBody(request) };
}
