import { hash } from "node:crypto";
import type { TotpAlgorithm } from "../domain/authenticator.ts";
import type { Bytes } from "../domain/encoding.ts";
import type { TotpHmac } from "../ports/totp-hmac.ts";
import { latin1Bytes, writeLatin1 } from "./latin1.ts";

/** Block and output sizes in bytes (FIPS 180-4). */
const HASHES = {
  sha1: { block: 64, output: 20 },
  sha256: { block: 64, output: 32 },
  sha512: { block: 128, output: 64 },
} as const;
const DIGEST = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const satisfies Record<TotpAlgorithm, HashName>;

export type HashName = keyof typeof HASHES;

const [INNER_PAD, OUTER_PAD] = [0x36, 0x5c];
/** Longest message that needs no buffer of its own. */
const USUAL_MESSAGE = 1024;
const innerScratch = Buffer.alloc(HASHES.sha512.block + USUAL_MESSAGE);
const outerScratch = Buffer.alloc(HASHES.sha512.block + HASHES.sha512.output);

/**
 * HMAC (RFC 2104) by two one-shot digests. Node's Hmac objects do the same, and cost two to four times as much to make
 * and to collect. Digests pass as latin1 text, one character a byte: that is cheaper than another buffer.
 */
export function hmac(name: HashName, key: Uint8Array, message: Uint8Array): Bytes {
  const { block, output } = HASHES[name];
  const usable = key.length > block ? hash(name, key, "buffer") : key;
  const inner =
    message.length <= USUAL_MESSAGE ? innerScratch : Buffer.allocUnsafe(HASHES.sha512.block + message.length);
  padKey(usable, block, { inner, outer: outerScratch });
  inner.set(message, block);
  writeLatin1(hash(name, inner.subarray(0, block + message.length), "binary"), outerScratch, block);
  const mac = hash(name, outerScratch.subarray(0, block + output), "binary");
  // What the pads hide is the key.
  wipe(inner, usable.length);
  wipe(outerScratch, usable.length);
  return latin1Bytes(mac);
}

/** HMAC for TOTP; nothing is kept after the call. */
export const totpHmac: TotpHmac = (algorithm, secret, counter) => hmac(DIGEST[algorithm], secret, counter);

/** Fills both blocks with a key, at most a block long, under their pads (RFC 2104 §2). */
export function padKey(
  key: Uint8Array,
  block: number,
  { inner, outer }: Readonly<{ inner: Uint8Array; outer: Uint8Array }>,
): void {
  for (let index = 0; index < block; index++) {
    const byte = key[index] ?? 0;
    inner[index] = byte ^ INNER_PAD;
    outer[index] = byte ^ OUTER_PAD;
  }
}

function wipe(block: Uint8Array, length: number): void {
  for (let index = 0; index < length; index++) block[index] = 0;
}
