import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { COSE_ALGORITHMS, type CoseKey, parseCoseKey } from "../domain/cose-key.ts";
import { fromBase64url, toBase64url } from "../domain/encoding.ts";
import type { SignatureCheck } from "../ports/webauthn-crypto.ts";
import { isSafeEd25519Point } from "./edwards-point.ts";

const DEFAULT_CACHED_KEYS = 5_000;

/**
 * A verifier that keeps the keys of successful checks, the least recently used leaving first. A failed check imports
 * the key again even when it was kept: a refusal takes the time of an unknown key, and nobody can flood the cache.
 */
export function createCoseVerifier(
  options: Readonly<{ cachedKeys?: number }> = {},
): (check: SignatureCheck) => boolean {
  const limit = options.cachedKeys ?? DEFAULT_CACHED_KEYS;
  const kept = new Map<string, ImportedKey>();
  return (check) => {
    const known = kept.get(check.publicKey);
    const key = known ?? importKey(check.publicKey);
    const valid = key !== undefined && hasSigned(key, check);
    if (valid) keep(kept, limit, { publicKey: check.publicKey, key });
    else if (known !== undefined) importKey(check.publicKey);
    return valid;
  };
}

/** Whether a COSE_Key (base64url) fits its algorithm, and its point lies on the curve and is not of small order. */
export function isUsableKey(publicKey: string): boolean {
  const imported = importKey(publicKey);
  if (imported === undefined) return false;
  const { cose } = imported;
  return cose.kind !== "okp" || cose.curve !== "Ed25519" || isSafeEd25519Point(cose.x);
}

type ImportedKey = Readonly<{ cose: CoseKey; object: KeyObject }>;

function keep(
  kept: Map<string, ImportedKey>,
  limit: number,
  entry: Readonly<{ publicKey: string; key: ImportedKey }>,
): void {
  kept.delete(entry.publicKey);
  kept.set(entry.publicKey, entry.key);
  if (kept.size <= limit) return;
  const oldest = kept.keys().next();
  if (oldest.done !== true) kept.delete(oldest.value);
}

function importKey(publicKey: string): ImportedKey | undefined {
  const bytes = fromBase64url(publicKey);
  const parsed = bytes === undefined ? undefined : parseCoseKey(bytes);
  if (parsed?.ok !== true) return undefined;
  try {
    return { cose: parsed.key, object: createPublicKey({ key: toJwk(parsed.key), format: "jwk" }) };
  } catch {
    // The import is the check: a point off the curve, or a curve that this runtime does not have.
    return undefined;
  }
}

function toJwk(key: CoseKey): JsonWebKey {
  switch (key.kind) {
    case "ec":
      return { kty: "EC", crv: key.curve, x: toBase64url(key.x), y: toBase64url(key.y) };
    case "okp":
      return { kty: "OKP", crv: key.curve, x: toBase64url(key.x) };
    case "rsa":
      return { kty: "RSA", n: toBase64url(key.n), e: toBase64url(key.e) };
  }
}

function hasSigned(key: ImportedKey, { data, signature }: SignatureCheck): boolean {
  try {
    return verify(digestOf(key.cose), data, verifyingKey(key), signature);
  } catch {
    // Some malformed signatures are thrown at, others answered with false: both mean no.
    return false;
  }
}

function digestOf(key: CoseKey): string | null {
  if (key.kind === "okp") return null;
  if (key.algorithm === COSE_ALGORITHMS.ES384) return "sha384";
  return key.algorithm === COSE_ALGORITHMS.ES512 ? "sha512" : "sha256";
}

/** Only PSS needs options. workerd takes no key object beside them, so there the key goes in as JWK. */
function verifyingKey({ cose, object }: ImportedKey): Parameters<typeof verify>[2] {
  if (cose.algorithm !== COSE_ALGORITHMS.PS256) return object;
  return {
    key: toJwk(cose),
    format: "jwk",
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
}
