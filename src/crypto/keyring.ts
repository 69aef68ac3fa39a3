import { hash as digest, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import type { Bytes } from "../domain/encoding.ts";
import type { Keyring, MacPurpose, SealContext, Sealer } from "../ports/keyring.ts";
import { hmacOfParts, type PaddedKey, paddedKey } from "./keyed-mac.ts";
import { deriveBytes, rootKey } from "./sealer.ts";

const MAC_ROOT_BYTES = 32;

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
    mac: (purpose, ...parts) => hmacOfParts(keyFor(purpose), parts),
    hash: hashText,
    sameText: (a, b) => timingSafeEqual(digest("sha256", a, "buffer"), digest("sha256", b, "buffer")),
  };
}

/** The keyring's `hash`, which needs no key. */
export function hashText(text: string): string {
  return digest("sha256", text, "base64url");
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

function macKeys(root: KeyObject): (purpose: MacPurpose) => PaddedKey {
  const derived = new Map<MacPurpose, PaddedKey>();
  return (purpose) => {
    const key = derived.get(purpose) ?? paddedKey(deriveBytes(root, `mac/${purpose}`));
    derived.set(purpose, key);
    return key;
  };
}
