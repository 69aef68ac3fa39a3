import { HASH_BYTES } from "./format.ts";

/**
 * Takes one row: the hash in a buffer that is used again for the next one, and its count (0 when the list has none).
 * False when the hash does not come after the one before.
 */
export type TakeRow = (hash: Uint8Array, count: number) => boolean;

/** Why the input cannot be read, with the number of the row. It never repeats the row. */
export class RowError extends Error {
  readonly row: number;

  constructor(message: string, row: number) {
    super(message);
    this.name = "RowError";
    this.row = row;
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const COLON = 58;
const DIGIT_0 = 48;
const MAX_COUNT_DIGITS = 10;

/** The value of a hexadecimal digit by its character code; 16 for what is none. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

export type RowReader = Readonly<{
  /** Reads the whole rows of a piece; answers with how many bytes these were. What is left comes again with the next. */
  read: (piece: Buffer, isLast: boolean) => number;
  /** How many rows were read. */
  rows: () => number;
}>;

/**
 * Reads rows of text: `<40 digits>[:<count>]`, or after a prefix of five digits `<35 digits>[:<count>]`, ended by LF or
 * CRLF, in capitals or not. Empty lines are skipped, as are rows with count 0, which are padding. Throws RowError.
 */
export function createRowReader(take: TakeRow, prefix = "", firstRow = 0): RowReader {
  const hash = new Uint8Array(HASH_BYTES);
  const digits = HASH_BYTES * 2 - prefix.length;
  let row = firstRow;
  const fill = prefix === "" ? fillWhole : fillSuffix;
  if (prefix !== "") hash.set(Buffer.from(`${prefix}0`, "hex"));
  const readRow = (piece: Buffer, start: number, end: number) => {
    if (end === start) return;
    row += 1;
    const afterHash = start + digits;
    if (end < afterHash || !fill(hash, piece, start)) throw new RowError("is not a SHA-1 hash in hexadecimal", row);
    const count = readCount(piece, afterHash, end);
    if (count < 0) throw new RowError("has a count that is no number", row);
    const isPadding = count === 0 && end > afterHash;
    if (!isPadding && !take(hash, count)) throw new RowError("is not behind the one before it", row);
  };
  return {
    rows: () => row,
    read: (piece, isLast) => {
      let start = 0;
      for (;;) {
        const feed = piece.indexOf(LINE_FEED, start);
        if (feed === -1) break;
        readRow(piece, start, feed > start && piece[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed);
        start = feed + 1;
      }
      if (!isLast) return start;
      readRow(piece, start, piece.at(-1) === CARRIAGE_RETURN ? piece.length - 1 : piece.length);
      return piece.length;
    },
  };
}

function fillWhole(hash: Uint8Array, piece: Buffer, start: number): boolean {
  let wrong = 0;
  for (let index = 0, at = start; index < HASH_BYTES; index += 1, at += 2) {
    const high = DIGITS[piece[at] ?? 0] ?? 16;
    const low = DIGITS[piece[at + 1] ?? 0] ?? 16;
    wrong |= high | low;
    hash[index] = (high << 4) | low;
  }
  return wrong < 16;
}

/** The first five digits are there already, the fifth in the upper half of byte 2. */
function fillSuffix(hash: Uint8Array, piece: Buffer, start: number): boolean {
  let wrong = DIGITS[piece[start] ?? 0] ?? 16;
  hash[2] = ((hash[2] ?? 0) & 0xf0) | (wrong & 0x0f);
  for (let index = 3, at = start + 1; index < HASH_BYTES; index += 1, at += 2) {
    const high = DIGITS[piece[at] ?? 0] ?? 16;
    const low = DIGITS[piece[at + 1] ?? 0] ?? 16;
    wrong |= high | low;
    hash[index] = (high << 4) | low;
  }
  return wrong < 16;
}

/** The count behind the colon; 0 when there is none, negative when it is no number. */
function readCount(piece: Buffer, at: number, end: number): number {
  if (at === end) return 0;
  if (piece[at] !== COLON || end - at < 2 || end - at > MAX_COUNT_DIGITS + 1) return -1;
  let count = 0;
  for (let index = at + 1; index < end; index += 1) {
    const digit = (piece[index] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9) return -1;
    count = count * 10 + digit;
  }
  return count;
}
