import { denied, granted, type Outcome } from "../domain/denial.ts";

/** Largest request body of the API, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

const FORBIDDEN_NAMES = new Set(["__proto__", "constructor", "prototype"]);
/** A string, and whether it is a member's name; JSON.parse has already said that the text is well-formed. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** The body as text, refused when larger than the limit: by its announced length, or once that many bytes have come. */
export async function readBody(request: Request, limit = BODY_LIMIT_BYTES): Promise<Outcome<string>> {
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > limit) return denied("body_too_large");
  if (announced !== null) return granted(await request.text());
  if (!request.body) return granted("");
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) return denied("body_too_large");
    text += decoder.decode(chunk, { stream: true });
  }
  return granted(text + decoder.decode());
}

/** Strict JSON (requirement A-15): no duplicate members, and none named like a piece of a prototype. */
export function parseStrictJson(text: string): Outcome<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return denied("invalid_request", { detail: "The body is not JSON." });
  }
  const members = countMembers(value);
  if (members === undefined)
    return denied("invalid_request", { detail: "The body has a member whose name is not allowed." });
  if (members !== countNames(text)) return denied("invalid_request", { detail: "The body has a member twice." });
  return granted(value);
}

/** How many members the value has, at any depth; undefined when one has a forbidden name. */
function countMembers(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return 0;
  let total = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) return undefined;
    const inside = countMembers(member);
    if (inside === undefined) return undefined;
    total += inside;
  }
  return total;
}

/** How many members the text writes: more than the value has when one is written twice. */
function countNames(text: string): number {
  let names = 0;
  for (const match of text.matchAll(STRINGS)) if (match[1] !== undefined) names++;
  return names;
}
