import { hash } from "node:crypto";
import type { Bytes } from "../domain/encoding.ts";
import type { WebauthnCrypto } from "../ports/webauthn-crypto.ts";
import { certificateKey, chainsToRoot } from "./certificate-chain.ts";
import { createCoseVerifier, isUsableKey } from "./cose-verifier.ts";
import { latin1Bytes } from "./latin1.ts";

/** WebAuthn's cryptography on node:crypto; keeps up to `cachedKeys` public keys that have verified something. */
export function createWebauthnCrypto(options: Readonly<{ cachedKeys?: number }> = {}): WebauthnCrypto {
  return { sha256, verifySignature: createCoseVerifier(options), isUsableKey, certificateKey, chainsToRoot };
}

function sha256(data: Bytes): Bytes {
  return latin1Bytes(hash("sha256", data, "binary"));
}
