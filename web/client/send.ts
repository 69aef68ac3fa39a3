import type { PageAnswer } from "../../src/http/pages/models.ts";
import type { Failure } from "../ui/page.ts";

/** Posts a form as the server expects it from script. Never rejects: what is not an answer is a failure. */
export async function send(
  action: string,
  fields: URLSearchParams,
): Promise<PageAnswer | Readonly<{ failure: Failure }>> {
  let response: Response;
  try {
    response = await fetch(action, {
      method: "POST",
      headers: { accept: "application/json" },
      body: fields,
      credentials: "same-origin",
    });
  } catch {
    return { failure: "network" };
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (isPageAnswer(answer)) return answer;
  return { failure: response.status === 429 ? "too_many" : "unexpected" };
}

/** Whether the body is ours, whatever its status; a problem document is not. */
function isPageAnswer(answer: unknown): answer is PageAnswer {
  if (typeof answer !== "object" || answer === null) return false;
  return (
    ("model" in answer && typeof answer.model === "object") ||
    ("location" in answer && typeof answer.location === "string")
  );
}
