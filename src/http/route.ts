import type { z } from "@hono/zod-openapi";
import type { DenialCode, Outcome } from "../domain/denial.ts";
import type { Scope } from "../domain/relying-party.ts";
import type { Call } from "../flows/call.ts";
import type { Deps } from "../ports/deps.ts";

/** A call that came by HTTP. */
export type ApiCall = Call &
  Readonly<{
    /** In which languages texts for people are wished (RFC 9110 §12.5.4). */
    acceptLanguage: string | null;
  }>;

/** One route of the relying-party API: its declaration gives validation, documentation and types. */
export type Route<Body = unknown, Reply = unknown> = Readonly<{
  path: `/v1/${string}`;
  scope: Scope;
  summary: string;
  description?: string;
  tag: string;
  body: z.ZodType<Body>;
  status: 200 | 201;
  reply: z.ZodType<Reply>;
  /** Denials besides those that any route can answer. */
  denials: readonly DenialCode[];
  /** An `Idempotency-Key` header makes a retry return the first answer. */
  idempotent?: true;
  handle: (deps: Deps, call: ApiCall, body: Body, path: Readonly<Record<string, string>>) => Promise<Outcome<Reply>>;
}>;

/** Declares a route, so that its handler's types follow from its schemas. */
export function route<Body, Reply>(declaration: Route<Body, Reply>): Route {
  // The table holds routes of all types; `mountApi` only hands a handler what its own schema let through.
  return declaration as unknown as Route;
}
