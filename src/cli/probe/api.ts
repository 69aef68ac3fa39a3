import { RefusedError } from "../command.ts";
import type { Answer, Connection, Question } from "./connection.ts";

export type Json = Readonly<Record<string, unknown>>;

/** The relying-party API over one connection. */
export type Api = Readonly<{
  /** A POST with the key, not yet sent. */
  question: (path: string, body: Json) => Question;
  ask: (question: Question) => Promise<Answer>;
  /** Sends what must succeed, and answers with its members; throws RefusedError with the problem's code. */
  call: (path: string, body: Json) => Promise<Json>;
}>;

/** `key` is a relying party's API key. */
export function openApi(connection: Connection, key: string): Api {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const question = (path: string, body: Json) => ({ path, body: JSON.stringify(body), headers });
  return {
    question,
    ask: connection.ask,
    async call(path, body) {
      const answer = await connection.ask(question(path, body));
      const members = membersOf(answer.text);
      if (answer.status < 300) return members;
      throw new RefusedError(`${path} was refused with ${answer.status} ${String(members.code ?? "")}.`.trim());
    },
  };
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
