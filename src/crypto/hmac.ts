import { hash } from "node:crypto";
import type { TotpAlgorithm } from "../domain/authenticator.ts";
import type { TotpHmac } from "../ports/totp-hmac.ts";

/** Block and output sizes in bytes (FIPS 180-4). */
const HASHES = {
  sha1: { block: 64, output: 20 },
  sha256: { block: 64, output: 32 },
  sha512: { block: 128, output: 64 },
} as const;
const DIGEST = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const satisfies Record<TotpAlgorithm, HashName>;

export type HashName = keyof typeof HASHES;

export const [INNER_PAD, OUTER_PAD] = [0x36, 0x5c];
/** Longest message that needs no buffer of its own. */
const USUAL_MESSAGE = 1024;
const innerScratch = Buffer.alloc(HASHES.sha512.block + USUAL_MESSAGE);
const outerScratch = Buffer.alloc(HASHES.sha512.block + HASHES.sha512.output);

/**
 * HMAC (RFC 2104) by two one-shot digests. Node's Hmac objects do the same, and cost two to four times as much to make
 * and to collect. Digests pass as latin1 text, one character a byte: that is cheaper than another buffer.
 */
export function hmac(name: HashName, key: Uint8Array, message: Uint8Array): Buffer {
  const { block, output } = HASHES[name];
  const usable = key.length > block ? hash(name, key, "buffer") : key;
  const inner =
    message.length <= USUAL_MESSAGE ? innerScratch : Buffer.allocUnsafe(HASHES.sha512.block + message.length);
  pad(inner, usable, { byte: INNER_PAD, block });
  inner.set(message, block);
  pad(outerScratch, usable, { byte: OUTER_PAD, block });
  outerScratch.write(hash(name, inner.subarray(0, block + message.length), "binary"), block, "binary");
  const mac = hash(name, outerScratch.subarray(0, block + output), "binary");
  // What the pads hide is the key.
  inner.fill(0, 0, block);
  outerScratch.fill(0, 0, block);
  return Buffer.from(mac, "binary");
}

/** HMAC for TOTP; nothing is kept after the call. */
export const totpHmac: TotpHmac = (algorithm, secret, counter) => hmac(DIGEST[algorithm], secret, counter);

/** Fills the block with the key under a pad (RFC 2104 §2). */
export function pad(into: Buffer, key: Uint8Array, { byte, block }: Readonly<{ byte: number; block: number }>): void {
  into.fill(byte, 0, block);
  for (let index = 0; index < key.length; index++) into[index] = (key[index] ?? 0) ^ byte;
}
