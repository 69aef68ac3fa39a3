import { hash as digest, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import { type Bytes, toUtf8 } from "../domain/encoding.ts";
import type { Keyring, MacPurpose, SealContext, Sealer } from "../ports/keyring.ts";
import { hmac } from "./hmac.ts";
import { deriveBytes, rootKey } from "./sealer.ts";

const MAC_ROOT_BYTES = 32;
const LENGTH_BYTES = 4;

/** Where the sealed MAC root is stored, and what its envelope is bound to. */
export const MAC_ROOT_CONTEXT: SealContext = { table: "system_keys", column: "sealed", row: "mac_root" };

/**
 * The keyring over a sealer and the MAC root. MAC keys derive from that root and not from a master key: lookups and
 * recovery codes cannot be computed anew, so they must not change when the master key is rotated.
 */
export function createKeyring({ sealer, macRoot }: Readonly<{ sealer: Sealer; macRoot: Uint8Array }>): Keyring {
  const keyFor = macKeys(rootKey(macRoot));
  return {
    ...sealer,
    mac: (purpose, ...parts) => new Uint8Array(hmac("sha256", keyFor(purpose), frame(parts))),
    hash: (text) => digest("sha256", text, "base64url"),
    sameText: (a, b) => timingSafeEqual(digest("sha256", a, "buffer"), digest("sha256", b, "buffer")),
  };
}

/** 32 random bytes for a new installation. They never change afterwards. */
export function newMacRoot(): Bytes {
  return new Uint8Array(randomBytes(MAC_ROOT_BYTES));
}

/** The MAC root as it is stored. */
export function sealMacRoot(sealer: Sealer, macRoot: Uint8Array): string {
  return sealer.seal(MAC_ROOT_CONTEXT, macRoot);
}

/** The MAC root from storage; throws KeyringError when the master key is not the one it was sealed under. */
export function openMacRoot(sealer: Sealer, envelope: string): Bytes {
  return sealer.open(MAC_ROOT_CONTEXT, envelope);
}

function macKeys(root: KeyObject): (purpose: MacPurpose) => Uint8Array {
  const derived = new Map<MacPurpose, Uint8Array>();
  return (purpose) => {
    const key = derived.get(purpose) ?? deriveBytes(root, `mac/${purpose}`);
    derived.set(purpose, key);
    return key;
  };
}

/** Each part after its length as 32 bits, big-endian. */
function frame(parts: readonly (string | Uint8Array)[]): Bytes {
  const encoded = parts.map(bytesOf);
  const framed = new Uint8Array(encoded.reduce((total, part) => total + LENGTH_BYTES + part.length, 0));
  const view = new DataView(framed.buffer);
  let offset = 0;
  for (const part of encoded) {
    view.setUint32(offset, part.length);
    framed.set(part, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + part.length;
  }
  return framed;
}

function bytesOf(part: string | Uint8Array): Uint8Array {
  if (typeof part !== "string") return part;
  // Every lone surrogate encodes to the same three bytes: two different texts would share a MAC.
  if (!part.isWellFormed()) throw new TypeError("text with a lone surrogate cannot be authenticated");
  return toUtf8(part);
}
