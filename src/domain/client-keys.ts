import type { JwkSet } from "./relying-party.ts";

const MAX_KEYS = 10;
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** 2048 bits in base64url (RFC 7518 §3.3). */
const MIN_MODULUS_LENGTH = 342;

/**
 * A JWK set that client assertions can be checked with: one to ten public keys for ES256, PS256 or EdDSA, told apart by
 * `kid` when there are several. Undefined for anything else, a private key above all.
 */
export function readClientKeys(value: unknown): JwkSet | undefined {
  if (!isRecord(value) || !Array.isArray(value.keys)) return undefined;
  const keys: readonly unknown[] = value.keys;
  if (keys.length === 0 || keys.length > MAX_KEYS || !keys.every(isUsableKey)) return undefined;
  const ids = new Set(keys.map(({ kid }) => kid));
  const areToldApart = keys.length === 1 || (ids.size === keys.length && !ids.has(undefined));
  return areToldApart ? { keys } : undefined;
}

function isUsableKey(key: unknown): key is Readonly<Record<string, unknown>> {
  if (!isRecord(key) || PRIVATE.some((member) => member in key)) return false;
  if (key.use !== undefined && key.use !== "sig") return false;
  if (key.kty === "EC") return key.crv === "P-256" && isText(key.x) && isText(key.y);
  if (key.kty === "OKP") return key.crv === "Ed25519" && isText(key.x);
  return key.kty === "RSA" && isText(key.e) && isText(key.n) && key.n.length >= MIN_MODULUS_LENGTH;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
