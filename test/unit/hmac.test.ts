import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HashName, hmac } from "../../src/crypto/hmac.ts";
import { toHex } from "../../src/domain/encoding.ts";

const hex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
const text = (value: string) => new Uint8Array(Buffer.from(value));
const HASHES: readonly HashName[] = ["sha1", "sha256", "sha512"];

describe("HMAC", () => {
  // RFC 2202 §3 and RFC 4231 §4: short keys, and keys longer than a block.
  it.each([
    ["sha1", hex("0b".repeat(20)), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"],
    ["sha1", text("Jefe"), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
    [
      "sha1",
      hex("aa".repeat(80)),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "aa4ae5e15272d00e95705637ce8a3b55ed402112",
    ],
    ["sha256", hex("0b".repeat(20)), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      "sha256",
      hex("aa".repeat(131)),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      "sha512",
      text("Jefe"),
      "what do ya want for nothing?",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ],
  ] as const)("by %s gives the published value", (name, key, message, expected) => {
    expect(toHex(hmac(name, key, text(message)))).toBe(expected);
  });

  it("agrees with the platform's own for every key and message, also longer than a block and than its buffer", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const message = fc.oneof(bytes, fc.uint8Array({ minLength: 1020, maxLength: 1030 }));
    fc.assert(
      fc.property(fc.constantFrom(...HASHES), bytes, message, (name, key, said) => {
        const expected = createHmac(name, key).update(said).digest("hex");
        expect(toHex(hmac(name, key, said))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("hands out bytes that later calls leave alone", () => {
    const first = hmac("sha256", text("key"), text("one"));
    const before = toHex(first);
    hmac("sha256", text("key"), text("two"));
    expect(toHex(first)).toBe(before);
  });
});
