import type { Method } from "../../src/domain/authenticator.ts";
import type { AnswerProblem } from "../../src/http/pages/models.ts";
import type { Locale, MessageKey } from "../i18n/catalogue.ts";
import { formatDuration, type Values } from "../i18n/format.ts";

type Said = Readonly<{ k: MessageKey; values?: Values }>;

/** What to say about an answer that did not count: what to do next, in the words of the method that was used. */
export function problemMessage(locale: Locale, method: Method, problem: AnswerProblem): Said {
  switch (problem.code) {
    case "rejected":
      return { k: rejectedKey(method, problem.misses) };
    case "throttled":
      return { k: "challenge.throttled", values: { duration: formatDuration(locale, problem.retryAfterSeconds) } };
    case "suspended":
      return { k: "challenge.suspended" };
    case "assurance_unmet":
      return { k: "challenge.assurance_unmet" };
  }
}

function rejectedKey(method: Method, misses: number): MessageKey {
  if (method === "webauthn") return "challenge.passkey.rejected";
  if (method === "recovery_code") return "challenge.recovery.rejected";
  return misses >= 2 ? "challenge.totp.rejected_again" : "challenge.totp.rejected";
}
