import { closeSync, openSync, writeSync } from "node:fs";

const WORDS = 5;
const PIECE_ROWS = 20_000;

/** The n-th of so many hashes: spread evenly, in order, otherwise as good as random, and the same every time. */
export function hashAt(index: number, total: number): Buffer {
  const hash = Buffer.alloc(WORDS * 4);
  const width = 2 ** 32 / total;
  const jitter = (mix(index) / 2 ** 32) * 0.99;
  hash.writeUInt32BE(Math.floor((index + jitter) * width), 0);
  for (let word = 1; word < WORDS; word += 1) hash.writeUInt32BE(mix(index * WORDS + word), word * 4);
  return hash;
}

/** How often the n-th password "was seen". */
export function countAt(index: number): number {
  return 1 + (mix(index + 7) % 5_000);
}

/** Writes the list as a Pwned Passwords download has it: `SHA1:COUNT`, sorted, CRLF. */
export function writeHashList(path: string, total: number): void {
  const file = openSync(path, "w");
  for (let start = 0; start < total; start += PIECE_ROWS) {
    const rows = Math.min(PIECE_ROWS, total - start);
    const lines = Array.from({ length: rows }, (_, row) => lineOf(start + row, total));
    writeSync(file, lines.join(""));
  }
  closeSync(file);
}

function lineOf(index: number, total: number): string {
  return `${hashAt(index, total).toString("hex").toUpperCase()}:${countAt(index)}\r\n`;
}

function mix(seed: number): number {
  let value = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) ^ Math.imul(seed, 0x9e3779b1);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39);
  return (value ^ (value >>> 15)) >>> 0;
}
