import { type CborMap, type CborValue, isCborBytes, readCborMap } from "./cbor.ts";
import type { Bytes } from "./encoding.ts";

type EcCurve = "P-256" | "P-384" | "P-521";
type OkpCurve = "Ed25519" | "Ed448";

/** A credential public key whose type, curve, lengths and algorithm fit each other (not yet: the point is on the curve). */
export type CoseKey =
  | Readonly<{ kind: "ec"; algorithm: number; curve: EcCurve; x: Bytes; y: Bytes }>
  | Readonly<{ kind: "okp"; algorithm: number; curve: OkpCurve; x: Bytes }>
  | Readonly<{ kind: "rsa"; algorithm: number; n: Bytes; e: Bytes }>;

/** A key, or why it is none: its parts are wrong, or they do not fit its algorithm. */
export type CoseKeyResult =
  | Readonly<{ ok: true; key: CoseKey }>
  | Readonly<{ ok: false; reason: "bad_key" | "algorithm_mismatch" }>;

/** COSE algorithm identifiers (IANA registry; RFC 9053, RFC 8812, RFC 9864). */
export const COSE_ALGORITHMS = {
  ES256: -7,
  EdDSA: -8,
  ES384: -35,
  ES512: -36,
  PS256: -37,
  Ed448: -53,
  RS256: -257,
} as const;

type Profile =
  | Readonly<{ kind: "ec"; curve: EcCurve; curveId: number; size: number }>
  | Readonly<{ kind: "okp"; curve: OkpCurve; curveId: number; size: number }>
  | Readonly<{ kind: "rsa" }>;

/** WebAuthn L3 §5.8.5: each algorithm goes with exactly one curve. */
const PROFILES: ReadonlyMap<number, Profile> = new Map<number, Profile>([
  [COSE_ALGORITHMS.ES256, { kind: "ec", curve: "P-256", curveId: 1, size: 32 }],
  [COSE_ALGORITHMS.ES384, { kind: "ec", curve: "P-384", curveId: 2, size: 48 }],
  [COSE_ALGORITHMS.ES512, { kind: "ec", curve: "P-521", curveId: 3, size: 66 }],
  [COSE_ALGORITHMS.EdDSA, { kind: "okp", curve: "Ed25519", curveId: 6, size: 32 }],
  [COSE_ALGORITHMS.Ed448, { kind: "okp", curve: "Ed448", curveId: 7, size: 57 }],
  [COSE_ALGORITHMS.RS256, { kind: "rsa" }],
  [COSE_ALGORITHMS.PS256, { kind: "rsa" }],
]);

const KEY_TYPES = { okp: 1, ec: 2, rsa: 3 } as const;
const LABEL = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const;

/**
 * Reads a COSE_Key as WebAuthn wants it (L3 §5.8.5 and §6.5.1): `alg` present, the one curve that fits it, points
 * uncompressed and of full length, RSA of 2048 to 4096 bits with a common exponent, no optional parameter.
 */
export function parseCoseKey(bytes: Bytes): CoseKeyResult {
  const map = readCborMap(bytes);
  const algorithm = map?.get(LABEL.alg);
  if (map === undefined || typeof algorithm !== "number") return { ok: false, reason: "bad_key" };
  const profile = PROFILES.get(algorithm);
  if (profile === undefined || map.get(LABEL.kty) !== KEY_TYPES[profile.kind]) return MISMATCH;
  if (profile.kind !== "rsa" && map.get(LABEL.crv) !== profile.curveId) return MISMATCH;
  const key = readKey(map, profile, algorithm);
  return key === undefined ? { ok: false, reason: "bad_key" } : { ok: true, key };
}

const MISMATCH = { ok: false, reason: "algorithm_mismatch" } as const;

function readKey(map: CborMap, profile: Profile, algorithm: number): CoseKey | undefined {
  if (profile.kind === "rsa") return readRsa(map, algorithm);
  const x = bytesOf(map.get(LABEL.x), profile.size);
  if (x === undefined) return undefined;
  if (profile.kind === "okp") return map.size === 4 ? { kind: "okp", algorithm, curve: profile.curve, x } : undefined;
  // A compressed point carries a boolean here (RFC 9053 §7.1.1).
  const y = bytesOf(map.get(LABEL.y), profile.size);
  return y !== undefined && map.size === 5 ? { kind: "ec", algorithm, curve: profile.curve, x, y } : undefined;
}

function readRsa(map: CborMap, algorithm: number): CoseKey | undefined {
  const n = map.get(LABEL.n);
  const e = map.get(LABEL.e);
  if (map.size !== 4 || !isCborBytes(n) || !isCborBytes(e)) return undefined;
  return isSensibleModulus(n) && isSensibleExponent(e) ? { kind: "rsa", algorithm, n, e } : undefined;
}

function isSensibleModulus(n: Bytes): boolean {
  const first = n[0] ?? 0;
  const last = n[n.length - 1] ?? 0;
  const bits = n.length * 8 - Math.clz32(first) + 24;
  return first !== 0 && last % 2 === 1 && bits >= 2048 && bits <= 4096;
}

/** FIPS 186-5 §A.1.1 wants an odd exponent above 2^16; four bytes keep a check cheap. */
function isSensibleExponent(e: Bytes): boolean {
  const value = e.reduce((total, byte) => total * 256 + byte, 0);
  return e.length <= 4 && e[0] !== 0 && value > 65_536 && value % 2 === 1;
}

function bytesOf(value: CborValue, length: number): Bytes | undefined {
  return isCborBytes(value) && value.length === length ? value : undefined;
}
