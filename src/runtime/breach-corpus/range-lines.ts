import { ENTRIES, fromCountCode, TAILS } from "./format.ts";
import type { Bucket } from "./open.ts";

const HEX = Buffer.from("0123456789ABCDEF", "latin1");
const COLON = 58;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const DIGIT_0 = 48;
const SUFFIX_DIGITS = 35;
const MAX_LINE = SUFFIX_DIGITS + 1 + 10 + 2;

/** The count of every code as it is written; a count that is not known is one. */
const COUNT_TEXTS = Array.from({ length: 256 }, (_, code) =>
  Buffer.from(String(Math.max(1, fromCountCode(code))), "latin1"),
);

/** The lines of one prefix of 20 bits as the range protocol has them, `SUFFIX:COUNT` in capitals, CRLF between them. */
export function rangeLines(
  { entries, tails, size }: Bucket,
  prefix: number,
): Readonly<{ lines: Uint8Array<ArrayBuffer>; rows: number }> {
  if (tails === undefined) throw new Error("ranges need whole hashes");
  const text = Buffer.allocUnsafe(size * MAX_LINE);
  const upperHalf = (prefix & 0xf) << 4;
  let at = 0;
  let rows = 0;
  for (let index = 0; index < size; index += 1) {
    const entry = index * ENTRIES.recordBytes;
    const first = entries[entry] ?? 0;
    if ((first & 0xf0) !== upperHalf) continue;
    if (rows > 0) {
      text[at++] = CARRIAGE_RETURN;
      text[at++] = LINE_FEED;
    }
    text[at++] = HEX[first & 0xf] ?? DIGIT_0;
    at = writeHex(text, at, { from: entries, start: entry + 1, end: entry + ENTRIES.recordBytes - 1 });
    const tail = index * TAILS.recordBytes;
    at = writeHex(text, at, { from: tails, start: tail, end: tail + TAILS.recordBytes });
    text[at++] = COLON;
    const count = COUNT_TEXTS[entries[entry + ENTRIES.recordBytes - 1] ?? 0];
    for (let digit = 0; digit < (count?.length ?? 0); digit += 1) text[at++] = count?.[digit] ?? DIGIT_0;
    rows += 1;
  }
  return { lines: text.subarray(0, at), rows };
}

type Part = Readonly<{ from: Buffer; start: number; end: number }>;

function writeHex(text: Buffer, at: number, { from, start, end }: Part): number {
  let place = at;
  for (let index = start; index < end; index += 1) {
    const byte = from[index] ?? 0;
    text[place++] = HEX[byte >> 4] ?? DIGIT_0;
    text[place++] = HEX[byte & 0xf] ?? DIGIT_0;
  }
  return place;
}
