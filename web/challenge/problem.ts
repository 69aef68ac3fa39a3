import type { Method } from "../../src/domain/authenticator.ts";
import type { AnswerProblem } from "../../src/http/pages/models.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { formatDuration, formatText } from "../i18n/format.ts";

/** What to say about an answer that did not count: what to do next, in the words of the method that was used. */
export function problemText(locale: Locale, method: Method, problem: AnswerProblem): string {
  switch (problem.code) {
    case "rejected":
      return formatText(locale, rejectedKey(method, problem.misses));
    case "throttled":
      return formatText(locale, "challenge.throttled", { duration: formatDuration(locale, problem.retryAfterSeconds) });
    case "suspended":
      return formatText(locale, "challenge.suspended");
    case "assurance_unmet":
      return formatText(locale, "challenge.assurance_unmet");
  }
}

function rejectedKey(method: Method, misses: number) {
  if (method === "webauthn") return "challenge.passkey.rejected";
  if (method === "recovery_code") return "challenge.recovery.rejected";
  return misses >= 2 ? "challenge.totp.rejected_again" : "challenge.totp.rejected";
}
