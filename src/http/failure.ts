import type { Denial } from "../domain/denial.ts";
import type { Deps } from "../ports/deps.ts";
import { PasswordEstimatorError } from "../ports/password-estimator.ts";

/** The last resort: says nothing of the cause, and logs only what cannot hold a secret. */
export function failureOf(deps: Deps, error: unknown, requestId: string): Denial {
  const isOutage = error instanceof PasswordEstimatorError || deps.store.isOutage(error);
  const code = isOutage ? "unavailable" : "internal";
  deps.logger.error("request_failed", { requestId, code, error: nameOf(error), cause: codeOf(error) });
  return { code, retryAfterSeconds: isOutage ? 1 : undefined };
}

/** The database may have lost what the request had decided on: its answer is not given. */
export function forgotten(deps: Deps, requestId: string): Denial {
  deps.logger.error("request_failed", { requestId, code: "unavailable", cause: "forgotten" });
  return { code: "unavailable", retryAfterSeconds: 1 };
}

/** What kind of error it is: nothing of its text. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? undefined : codeOf(error.cause);
}
