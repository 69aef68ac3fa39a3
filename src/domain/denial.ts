/** Every way in which we say no, as the public sees it (the `code` of a problem document). */
export type DenialCode =
  | "invalid_request"
  | "caller_unauthenticated"
  | "caller_forbidden"
  | "answer_rejected"
  | "attempts_exhausted"
  | "assurance_unmet"
  | "not_found"
  | "challenge_unknown"
  | "challenge_closed"
  | "step_up_required"
  | "request_in_progress"
  | "idempotency_mismatch"
  | "challenge_expired"
  | "body_too_large"
  | "unsupported_media_type"
  | "method_not_allowed"
  | "rate_limited"
  | "subject_locked"
  | "internal"
  | "unavailable";

/** A refusal with what helps the caller and tells an attacker nothing. */
export type Denial = Readonly<{
  code: DenialCode;
  /** One sentence; the code's own sentence when absent. */
  detail?: string;
  retryAfterSeconds?: number;
  attemptsLeft?: number;
  /** Enrolment only: the code fits a clock that is off by this much; negative means behind. */
  clockSkewSeconds?: number;
}>;

/** An expected refusal is a value; an exception is a bug or an outage. */
export type Outcome<T> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false; denial: Denial }>;

export function granted<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function denied(code: DenialCode, extra?: Omit<Denial, "code">): Readonly<{ ok: false; denial: Denial }> {
  return { ok: false, denial: { code, ...extra } };
}
