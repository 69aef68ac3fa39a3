import type { CountersignEvent, Method, Problem } from "./countersign-client.ts";

/** How somebody answered: with a code typed here, or at Countersign. */
export type Tried = "totp" | "recovery_code" | "prompt";

const NOT_RIGHT = {
  totp: "That code did not work. Codes change every 30 seconds and work once: wait for the next one, and check that the clock of your phone is right.",
  recovery_code: "That recovery code did not work. Each one works once: check it, or use the next one on your list.",
  prompt: "You have not confirmed yet. Choose a way to go on.",
} satisfies Record<Tried, string>;

/** What to tell a person whose answer, or whose request, did not go through. Nobody gets in on any of these. */
export function wordsFor(problem: Problem, tried: Tried = "prompt"): string {
  switch (problem.code) {
    case "answer_rejected":
    case "invalid_request":
      return NOT_RIGHT[tried];
    case "subject_locked":
      return `That were a few wrong codes too many. ${waitIn(problem)}`;
    case "rate_limited":
      return `That was a little fast. ${waitIn(problem)}`;
    case "assurance_unmet":
      return "This needs a stronger way to confirm. Continue at Countersign and choose another one.";
    default:
      return `We cannot check that right now. It is not your fault, and nothing was changed. ${waitIn(problem)}`;
  }
}

/** The status of a page that reports a problem. */
export function statusFor(problem: Problem): 403 | 429 | 503 {
  if (["answer_rejected", "invalid_request", "assurance_unmet"].includes(problem.code)) return 403;
  return problem.status === 429 ? 429 : 503;
}

/** The challenge takes no more answers: a new one has to be opened. */
export function isOver(problem: Problem): boolean {
  return ["challenge_closed", "challenge_expired", "challenge_unknown", "attempts_exhausted"].includes(problem.code);
}

function waitIn({ retryAfterSeconds }: Problem): string {
  if (retryAfterSeconds === undefined) return "Please try again in a moment.";
  return `Please try again in ${durationOf(retryAfterSeconds)}.`;
}

function durationOf(seconds: number): string {
  if (seconds < 100) return seconds === 1 ? "a second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

const METHOD_WORDS = {
  webauthn: "Passkey or security key",
  totp: "Authenticator app",
  recovery_code: "Recovery codes",
} satisfies Record<Method, string>;

export function methodWords(method: Method): string {
  return METHOD_WORDS[method];
}

const EVENT_WORDS: Readonly<Record<string, string>> = {
  authenticator_added: "A way to confirm was added",
  authenticator_revoked: "A way to confirm was removed",
  recovery_code_used: "A recovery code was used",
  recovery_codes_renewed: "The recovery codes were replaced",
  challenge_declined: "A question was declined",
  lane_suspended: "Too many wrong codes: codes are off until an administrator helps",
  counter_regressed: "Somebody may hold a copy of a security key",
  device_replayed: "Somebody may hold a copy of a remembered device",
  subject_reset: "An administrator reset the second step",
  password_suspected: "Somebody typed your password and failed at the second step: change it if that was not you",
  suspicion_confirmed: "You said that somebody else knows your password: change it",
  subject_reported: "You reported something that was not you",
  budget_lifted: "An administrator lifted a wait",
};

export function eventWords({ kind, method, by_administrator }: CountersignEvent): string {
  const words = EVENT_WORDS[kind] ?? "Something changed";
  const by = by_administrator ? ", by an administrator" : "";
  return method === undefined ? `${words}${by}` : `${words} (${METHOD_WORDS[method].toLowerCase()})${by}`;
}
