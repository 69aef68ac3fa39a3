import { hash } from "node:crypto";
import type { Bytes } from "../domain/encoding.ts";
import { padKey } from "./hmac.ts";
import { latin1Bytes, writeLatin1 } from "./latin1.ts";

/** Block and output of SHA-256 in bytes. */
const [BLOCK, OUTPUT] = [64, 32];
/** Longest message that needs no buffer of its own. */
const USUAL_MESSAGE = 1024;
/** An HMAC-SHA-256 key that is used again and again: its blocks under the pads, with room behind them. */
export type PaddedKey = Readonly<{ inner: Buffer; outer: Buffer }>;

const LENGTH_BYTES = 4;
/** UTF-8 bytes that one UTF-16 unit can need. */
const WIDEST = 3;

/** The key at most a block long. */
export function paddedKey(key: Uint8Array): PaddedKey {
  const padded = { inner: Buffer.alloc(BLOCK + USUAL_MESSAGE), outer: Buffer.alloc(BLOCK + OUTPUT) };
  padKey(key, BLOCK, padded);
  return padded;
}

/**
 * HMAC-SHA-256 over the parts, each after its length as 32 bits, big-endian. They are written behind the key's inner pad,
 * so that a short message needs no buffer at all. Throws TypeError for text with a lone surrogate: every one encodes to
 * the same three bytes, and two different texts would share a MAC.
 */
export function hmacOfParts({ inner, outer }: PaddedKey, parts: readonly (string | Uint8Array)[]): Bytes {
  let most = BLOCK;
  for (const part of parts) most += LENGTH_BYTES + part.length * (typeof part === "string" ? WIDEST : 1);
  const message = most <= inner.length ? inner : roomFor(inner, most);
  let end = BLOCK;
  for (const part of parts) end = writePart(message, part, end);
  writeLatin1(hash("sha256", message.subarray(0, end), "binary"), outer, BLOCK);
  return latin1Bytes(hash("sha256", outer, "binary"));
}

function roomFor(inner: Buffer, bytes: number): Buffer {
  const larger = Buffer.allocUnsafe(bytes);
  inner.copy(larger, 0, 0, BLOCK);
  return larger;
}

/** Answers where the part ends. */
function writePart(message: Buffer, part: string | Uint8Array, start: number): number {
  const from = start + LENGTH_BYTES;
  if (typeof part !== "string") {
    message.set(part, from);
    message.writeUInt32BE(part.length, start);
    return from + part.length;
  }
  if (!part.isWellFormed()) throw new TypeError("text with a lone surrogate cannot be authenticated");
  const length = message.write(part, from, "utf8");
  message.writeUInt32BE(length, start);
  return from + length;
}
