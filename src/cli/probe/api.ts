import { RefusedError } from "../command.ts";
import type { Answer, Connection, Question } from "./connection.ts";

export type Json = Readonly<Record<string, unknown>>;

/** The relying-party API over one connection. */
export type Api = Readonly<{
  /** A POST with the key, not yet sent. */
  question: (path: string, body: Json) => Question;
  /** Throws RefusedError when a limit has stopped the probe. */
  ask: (question: Question) => Promise<Answer>;
  /** Sends what must succeed, and answers with its members; throws RefusedError with the problem's code. */
  call: (path: string, body: Json) => Promise<Json>;
}>;

/** `key` is a relying party's API key. */
export function openApi(connection: Connection, key: string): Api {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const question = (path: string, body: Json) => ({ path, body: JSON.stringify(body), headers });
  const ask = async (asked: Question) => unlessStopped(await connection.ask(asked));
  return {
    question,
    ask,
    async call(path, body) {
      const answer = await ask(question(path, body));
      const members = membersOf(answer.text);
      if (answer.status < 300) return members;
      throw new RefusedError(`${path} was refused with ${answer.status} ${String(members.code ?? "")}.`.trim());
    },
  };
}

/** Who is limited gets one answer to everything, which would look as if nobody could be told apart. */
function unlessStopped(answer: Answer): Answer {
  if (answer.status !== 429 || membersOf(answer.text).code !== "rate_limited") return answer;
  throw new RefusedError(
    "The probe was stopped by a limit, and subjects that it made may be left. Allow the realm more unknown subjects and " +
      "wrong codes (countersign realm limits), lift the alarm that was raised and try again.",
  );
}

/** A JSON object's members; none for anything else. */
export function membersOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The member of that name as text; throws RefusedError when there is none. */
export function textIn(members: Json, name: string): string {
  const value = members[name];
  if (typeof value !== "string") throw new RefusedError(`The server's answer has no ${name}: is it Countersign?`);
  return value;
}
