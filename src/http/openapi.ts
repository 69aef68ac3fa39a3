import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { DenialCode } from "../domain/denial.ts";
import { PROBLEMS } from "./problem.ts";
import type { Route } from "./route.ts";

/** Denials that every route of the API can answer. */
export const COMMON_DENIALS: readonly DenialCode[] = [
  "invalid_request",
  "caller_unauthenticated",
  "caller_forbidden",
  "body_too_large",
  "unsupported_media_type",
  "internal",
  "unavailable",
];

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string().openapi({ description: "The request id, also in X-Request-Id." }),
    attempts_left: z.int().optional(),
    clock_skew_seconds: z.int().optional(),
  })
  .openapi("Problem");

/** The OpenAPI 3.1 document of the routes: made from the same declarations that serve them. */
export function openApiDocument(routes: readonly Route[], publicUrl: string) {
  const { openAPIRegistry: registry, ...rest } = documented(routes);
  registry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key.",
  });
  return rest.document({
    openapi: "3.1.0",
    info: {
      title: "Countersign",
      version: "1",
      description: "The second factor as a service. 2xx means verified; every denial is a problem document (RFC 9457).",
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
  });
}

function documented(routes: readonly Route[]) {
  const app = new OpenAPIHono();
  for (const route of routes) app.openAPIRegistry.registerPath(pathOf(route));
  return {
    openAPIRegistry: app.openAPIRegistry,
    document: (config: Parameters<typeof app.getOpenAPI31Document>[0]) => app.getOpenAPI31Document(config),
  };
}

function pathOf(route: Route) {
  const parameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, z.string()] as const);
  return {
    method: "post" as const,
    path: route.path,
    operationId: operationId(route.path),
    summary: route.summary,
    description: `${route.description ?? ""}\n\nScope: \`${route.scope}\`.`.trim(),
    tags: [route.tag],
    request: {
      params: z.object(Object.fromEntries(parameters)),
      headers: route.idempotent
        ? z.object({
            "Idempotency-Key": z
              .string()
              .max(255)
              .optional()
              .openapi({ description: "A retry within ten minutes returns the first verdict." }),
          })
        : undefined,
      body: { required: true, content: { "application/json": { schema: route.body } } },
    },
    responses: {
      [route.status]: { description: "Done.", content: { "application/json": { schema: route.reply } } },
      ...denials(route),
    },
  };
}

function denials(route: Route) {
  const byStatus = Map.groupBy([...COMMON_DENIALS, ...route.denials], (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].detail}`).join("\n\n"),
        content: { "application/problem+json": { schema: problem } },
      },
    ]),
  );
}

/** `/v1/authenticators/list` → `authenticatorsList`. */
function operationId(path: string): string {
  const words = path.split(/[/{}-]/).filter((word) => word !== "" && word !== "v1");
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}
