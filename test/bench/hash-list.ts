import { closeSync, openSync, writeSync } from "node:fs";

/** Rows behind one prefix of five digits: as many as in the public download of 2026. */
const ROWS_A_PREFIX = 900;

const PREFIXES = 2 ** 20;
const HEX = Buffer.from("0123456789ABCDEF", "latin1");
const BUFFER_BYTES = 8 << 20;
const LONGEST_LINE = 64;

/**
 * Writes a sorted list of so many hashes with counts, as the download has them, behind evenly spread prefixes: answers to
 * ranges are as long as they are over a billion hashes. Returns the prefixes.
 */
export function writeDenseList(path: string, rows: number): readonly number[] {
  const prefixes = Math.ceil(rows / ROWS_A_PREFIX);
  const stride = Math.floor(PREFIXES / prefixes);
  const file = openSync(path, "w");
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let filled = 0;
  let seed = 1;
  const random = () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  const digits = (value: number, count: number) => {
    for (let digit = count - 1; digit >= 0; digit -= 1) buffer[filled++] = HEX[(value >>> (digit * 4)) & 0xf] ?? 0;
  };
  for (let row = 0; row < rows; row += 1) {
    if (filled + LONGEST_LINE > BUFFER_BYTES) {
      writeSync(file, buffer, 0, filled);
      filled = 0;
    }
    digits(Math.floor(row / ROWS_A_PREFIX) * stride, 5);
    digits(Math.floor(((row % ROWS_A_PREFIX) + random() / 2 ** 33) * (2 ** 32 / ROWS_A_PREFIX)), 8);
    for (let word = 0; word < 3; word += 1) digits(random(), 8);
    digits(random(), 3);
    filled += buffer.write(`:${1 + (random() % 5_000)}\r\n`, filled, "latin1");
  }
  writeSync(file, buffer, 0, filled);
  closeSync(file);
  return Array.from({ length: prefixes }, (_, index) => index * stride);
}
