import type { Answer } from "./connection.ts";

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** Our ids, and other random text of 20 characters and more: what is left of it is its length. */
const ID = /\b(ch|en|au|sub|req|dev)_[0-9a-z]{26}\b/g;
const RANDOM = /(?<=["/=])[A-Za-z0-9_-]{20,}(?=["&/])/g;
/** Headers that differ from second to second, or name the request. */
const VOLATILE = new Set(["date", "x-request-id", "set-cookie", "age", "via", "cf-ray"]);

/** An answer with everything in it that is fresh each time masked by its shape: alike for answers that tell nothing apart. */
export function looksOf({ status, headers, text }: Answer): string {
  const shown = headers.map(([name, value]) => `${name}: ${VOLATILE.has(name) ? value.length : value}`);
  return [status, ...shown, mask(text)].join("\n");
}

function mask(text: string): string {
  return text
    .replaceAll(TIME, "(time)")
    .replaceAll(ID, (_, prefix: string) => `${prefix}_(id)`)
    .replaceAll(RANDOM, (token) => `(${token.length} characters)`);
}

/** Where two looks part, by the first line that differs. It may quote an answer, and an answer holds no secret of ours. */
export function firstDifference(a: string, b: string): string {
  const [left, right] = [a.split("\n"), b.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  return at < 0 ? `${right.length - left.length} lines more` : `${left[at]} / ${right[at] ?? "nothing"}`;
}
