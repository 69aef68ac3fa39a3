import type { Denial, DenialCode } from "../domain/denial.ts";

type Problem = Readonly<{ status: number; title: string; detail: string }>;

/** Every denial as the public sees it (RFC 9457). Details help the caller and tell an attacker nothing. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "Invalid request", detail: "The request is not as documented." },
  caller_unauthenticated: { status: 401, title: "Caller not authenticated", detail: "A valid API key is needed." },
  caller_forbidden: { status: 403, title: "Caller not allowed", detail: "The API key lacks the scope for this." },
  answer_rejected: { status: 403, title: "Answer rejected", detail: "The answer does not verify." },
  attempts_exhausted: {
    status: 403,
    title: "Attempts exhausted",
    detail: "This challenge takes no more answers. Open a new one.",
  },
  assurance_unmet: {
    status: 403,
    title: "Assurance not met",
    detail: "The required level cannot be reached this way.",
  },
  not_found: { status: 404, title: "Not found", detail: "There is nothing here by that name." },
  challenge_unknown: { status: 404, title: "Challenge unknown", detail: "There is no such challenge." },
  method_not_allowed: { status: 405, title: "Method not allowed", detail: "This address does not answer that method." },
  challenge_closed: { status: 409, title: "Challenge closed", detail: "This challenge has been answered or declined." },
  step_up_required: {
    status: 409,
    title: "Step-up required",
    detail: "A fresh proof by the subject is needed: a verified challenge, at most five minutes old.",
  },
  request_in_progress: {
    status: 409,
    title: "Request in progress",
    detail: "The first request with this idempotency key is still being answered.",
  },
  idempotency_mismatch: {
    status: 409,
    title: "Idempotency key reused",
    detail: "This idempotency key belongs to a different request.",
  },
  challenge_expired: { status: 410, title: "Challenge expired", detail: "This challenge is too old. Open a new one." },
  body_too_large: { status: 413, title: "Body too large", detail: "The request body is larger than allowed." },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    detail: "The body must be application/json.",
  },
  rate_limited: { status: 429, title: "Too many requests", detail: "Slow down, and try again later." },
  subject_locked: {
    status: 429,
    title: "Too many wrong answers",
    detail: "Wait before the next answer, or use another method.",
  },
  internal: { status: 500, title: "Internal error", detail: "Something went wrong on our side." },
  unavailable: {
    status: 503,
    title: "Unavailable",
    detail: "The service cannot answer now, nor say whether anything was changed. Try again.",
  },
} as const satisfies Record<DenialCode, Problem>;

/** An answer of the API, whatever carries it; the body is JSON. */
export type ApiAnswer = Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: string }>;

/** Headers that every API answer carries. */
export function apiHeaders(requestId: string, contentType: string): Record<string, string> {
  return {
    "content-type": contentType,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  };
}

/** A denial as a problem document. */
export function problemAnswer(denial: Denial, requestId: string): ApiAnswer {
  const { status } = PROBLEMS[denial.code];
  const headers = apiHeaders(requestId, "application/problem+json");
  if (denial.retryAfterSeconds !== undefined) headers["retry-after"] = String(denial.retryAfterSeconds);
  // Every route of the API answers POST (RFC 9110 §15.5.6 asks for the list).
  if (denial.code === "method_not_allowed") headers.allow = "POST";
  if (denial.code === "caller_unauthenticated") headers["www-authenticate"] = 'Bearer realm="countersign"';
  return { status, headers, body: JSON.stringify(problemDocument(denial, requestId)) };
}

/** The same as the platform's Response. */
export function problemResponse(denial: Denial, requestId: string): Response {
  return toResponse(problemAnswer(denial, requestId));
}

export function toResponse({ status, headers, body }: ApiAnswer): Response {
  return new Response(body, { status, headers });
}

/** The document itself; members that a denial does not have are left out. */
export function problemDocument(denial: Denial, requestId: string): Readonly<Record<string, unknown>> {
  const { status, title, detail } = PROBLEMS[denial.code];
  return {
    type: `urn:countersign:problem:${denial.code}`,
    title,
    status,
    code: denial.code,
    detail: denial.detail ?? detail,
    instance: requestId,
    attempts_left: denial.attemptsLeft,
    clock_skew_seconds: denial.clockSkewSeconds,
  };
}
