import type { z } from "@hono/zod-openapi";
import { expect } from "vitest";
import type { DenialCode } from "../../src/domain/denial.ts";
import { COMMON_DENIALS } from "../../src/http/openapi.ts";
import { PROBLEMS } from "../../src/http/problem.ts";
import type { Route } from "../../src/http/route.ts";
import { V1_ROUTES } from "../../src/http/v1/index.ts";
import type { Answer } from "./service.ts";

/**
 * Holds an answer of the relying-party API against the declaration of its route: the documented status, every member
 * declared and none besides, and for a refusal a problem document with a code that the route documents.
 */
export function expectConformant(path: string, answer: Answer): void {
  const route = routeOf(path);
  expect(answer.headers.get("cache-control"), path).toBe("no-store");
  expect(answer.headers.get("x-content-type-options"), path).toBe("nosniff");
  expect(answer.headers.get("x-request-id"), path).toMatch(/^req_[0-9a-z]{26}$/);
  if (answer.status >= 400) expectProblem(route, answer);
  else expectReply(route, answer);
}

function expectReply(route: Route | undefined, answer: Answer): void {
  if (route === undefined) throw new Error(`no route, and still answered ${answer.status}`);
  const { path } = route;
  expect(answer.status, path).toBe(route.status);
  expect(answer.headers.get("content-type"), path).toBe("application/json");
  route.reply.parse(answer.body);
  expect(undeclaredMembers(route.reply, answer.body), path).toEqual([]);
}

/** The route that serves a path. */
function routeOf(path: string): Route | undefined {
  return V1_ROUTES.find((route) => new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path));
}

/** The denials that a route documents, those of every route included. */
export function documentedDenials(route: Route | undefined): readonly DenialCode[] {
  return route === undefined ? ["not_found"] : [...COMMON_DENIALS, ...route.denials];
}

const PROBLEM_MEMBERS = ["type", "title", "status", "code", "detail", "instance"];

function expectProblem(route: Route | undefined, answer: Answer): void {
  const { code, status, title, type, detail, instance, ...extra } = answer.body;
  expect(documentedDenials(route), `${route?.path} ${answer.text}`).toContain(code);
  // Just found among the codes.
  const known = PROBLEMS[code as DenialCode];
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(Object.keys(answer.body).slice(0, PROBLEM_MEMBERS.length)).toEqual(PROBLEM_MEMBERS);
  expect(["attempts_left", "clock_skew_seconds"]).toEqual(expect.arrayContaining(Object.keys(extra)));
  expect({ status, title, type }).toEqual({
    status: answer.status,
    title: known.title,
    type: `urn:countersign:problem:${code}`,
  });
  expect(answer.status).toBe(known.status);
  expect(detail).toMatch(/^[A-Z`a-z].*\.$/s);
  expect(instance).toBe(answer.headers.get("x-request-id"));
  expect(answer.headers.has("retry-after")).toBe(
    answer.status === 429 || code === "request_in_progress" || code === "unavailable",
  );
}

/** Paths of members that a schema does not declare: zod strips them silently, an allow-list must not. */
function undeclaredMembers(schema: z.ZodType, value: unknown, path = ""): readonly string[] {
  // The base type hides which of zod's schemas it is; `def.type` tells.
  const { def } = schema as unknown as z.core.$ZodTypes & { def: z.core.$ZodTypes["_zod"]["def"] };
  if (value === undefined || value === null) return [];
  if (def.type === "optional" || def.type === "nullable") return undeclaredMembers(toZod(def.innerType), value, path);
  if (def.type === "array" && Array.isArray(value))
    return value.flatMap((item, index) => undeclaredMembers(toZod(def.element), item, `${path}[${index}]`));
  if (def.type !== "object" || def.catchall !== undefined) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const declared = def.shape[name];
    return declared === undefined ? [`${path}.${name}`] : undeclaredMembers(toZod(declared), member, `${path}.${name}`);
  });
}

function toZod(schema: z.core.$ZodType): z.ZodType {
  // Inner schemas are typed by zod's core, but made by the same builders.
  return schema as unknown as z.ZodType;
}
