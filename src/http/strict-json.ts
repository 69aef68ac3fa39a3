import { denied, granted, type Outcome } from "../domain/denial.ts";
import { concatBytes, fromUtf8 } from "../domain/encoding.ts";

/** Largest request body of the API, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;
/** How deep members may nest. No request of ours needs ten levels, and no parser behind us should meet thousands. */
export const MAX_DEPTH = 32;

const FORBIDDEN_NAMES = new Set(["__proto__", "constructor", "prototype"]);
const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];

/**
 * The body as text: refused when larger than the limit, by its announced length or once that many bytes have come, and
 * when it is not UTF-8 (RFC 8259 §8.1).
 */
export async function readBody(request: Request, limit = BODY_LIMIT_BYTES): Promise<Outcome<string>> {
  const announced = request.headers.get("content-length");
  if (announced !== null && !isWithin(announced, limit)) return denied("body_too_large");
  const bytes = announced === null ? await collect(request, limit) : new Uint8Array(await request.arrayBuffer());
  if (bytes === undefined || bytes.length > limit) return denied("body_too_large");
  return decodeBody(bytes);
}

/** The text that a body's bytes spell; refused when they are not UTF-8. */
export function decodeBody(bytes: Uint8Array): Outcome<string> {
  try {
    return granted(fromUtf8(bytes));
  } catch {
    return denied("invalid_request", { detail: "The body is not UTF-8." });
  }
}

/** Whether a Content-Length is one, and within the limit. */
export function isWithin(announced: string, limit: number): boolean {
  return /^\d{1,15}$/.test(announced) && Number(announced) <= limit;
}

/** Bytes of a body of unknown length; undefined once there are more than allowed. */
async function collect(request: Request, limit: number): Promise<Uint8Array | undefined> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Streams can be iterated wherever we run; the DOM's types do not say so yet.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}

/** Strict JSON (requirement A-15): no duplicate members, none named like a piece of a prototype, no deep nesting. */
export function parseStrictJson(text: string): Outcome<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return denied("invalid_request", { detail: "The body is not JSON." });
  }
  const members = countMembers(value, 0);
  if (typeof members === "string") return denied("invalid_request", { detail: members });
  if (members !== countNames(text)) return denied("invalid_request", { detail: "The body has a member twice." });
  return granted(value);
}

/** How many members the value has, at any depth, or what is wrong with it. What JSON made has no members but its own. */
function countMembers(value: unknown, depth: number): number | string {
  if (typeof value !== "object" || value === null) return 0;
  if (depth >= MAX_DEPTH) return "The body is nested too deeply.";
  const [own, members] = Array.isArray(value) ? [0, value] : [1, value];
  let total = 0;
  for (const name in members) {
    if (FORBIDDEN_NAMES.has(name)) return "The body has a member whose name is not allowed.";
    const inside = countMembers((members as Readonly<Record<string, unknown>>)[name], depth + 1);
    if (typeof inside === "string") return inside;
    total += own + inside;
  }
  return total;
}

/** How many members the text writes, one colon outside strings each: more than the value has when one is twice. */
function countNames(text: string): number {
  let names = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) isInString = !isInString;
    else if (code === BACKSLASH) index++;
    else if (code === COLON && !isInString) names++;
  }
  return names;
}
