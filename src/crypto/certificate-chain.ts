import { type JsonWebKey, X509Certificate } from "node:crypto";
import { COSE_ALGORITHMS } from "../domain/cose-key.ts";
import { type Bytes, concatBytes, fromBase64url, sameBytes, toBase64url } from "../domain/encoding.ts";
import type { ChainCheck } from "../ports/webauthn-crypto.ts";

const MAX_CHAIN = 6;

/**
 * Whether each certificate (DER, the leaf first) is within its validity and issued by the next one, which must be a
 * CA, and the last is one of the roots or issued by one. Fetches nothing, so revocation is not checked.
 */
export function chainsToRoot({ chain, roots, nowMs }: ChainCheck): boolean {
  const certificates = chain.map(readCertificate);
  const anchors = roots.map(readRoot).filter((root) => root !== undefined && isValidAt(root, nowMs));
  if (certificates.length === 0 || certificates.length > MAX_CHAIN) return false;
  return certificates.every((certificate, index) => {
    if (certificate === undefined || !isValidAt(certificate, nowMs)) return false;
    if (index < certificates.length - 1) return isIssuedBy(certificate, certificates[index + 1]);
    return anchors.some((anchor) => isSame(certificate, anchor) || isIssuedBy(certificate, anchor));
  });
}

/** The public key of a certificate (DER) as COSE_Key in base64url; undefined when it is not one we can use. */
export function certificateKey(certificate: Bytes): string | undefined {
  const jwk = exportKey(readCertificate(certificate));
  const cose = jwk === undefined ? undefined : toCose(jwk);
  return cose === undefined ? undefined : toBase64url(cose);
}

function readCertificate(der: Bytes | string): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function readRoot(root: string): X509Certificate | undefined {
  if (root.includes("-----BEGIN")) return readCertificate(root);
  const der = fromBase64url(
    root
      .replace(/\s|=+$/g, "")
      .replaceAll("+", "-")
      .replaceAll("/", "_"),
  );
  return der === undefined ? undefined : readCertificate(der);
}

/** By the texts: Workers do not have them as dates. */
function isValidAt({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  return Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate | undefined): boolean {
  if (issuer?.ca !== true || !certificate.checkIssued(issuer)) return false;
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isSame(a: X509Certificate, b: X509Certificate | undefined): boolean {
  return b !== undefined && sameBytes(a.raw, b.raw);
}

const EC_CURVES: Readonly<Record<string, Readonly<{ algorithm: number; id: number }>>> = {
  "P-256": { algorithm: COSE_ALGORITHMS.ES256, id: 1 },
  "P-384": { algorithm: COSE_ALGORITHMS.ES384, id: 2 },
  "P-521": { algorithm: COSE_ALGORITHMS.ES512, id: 3 },
};

function toCose(jwk: JsonWebKey): Bytes | undefined {
  const curve = jwk.crv === undefined ? undefined : EC_CURVES[jwk.crv];
  if (jwk.kty === "EC" && curve !== undefined) {
    return coseMap([
      [1, 2],
      [3, curve.algorithm],
      [-1, curve.id],
      [-2, bytesOf(jwk.x)],
      [-3, bytesOf(jwk.y)],
    ]);
  }
  if (jwk.kty === "RSA") {
    return coseMap([
      [1, 3],
      [3, COSE_ALGORITHMS.RS256],
      [-1, bytesOf(jwk.n)],
      [-2, bytesOf(jwk.e)],
    ]);
  }
  return undefined;
}

function exportKey(certificate: X509Certificate | undefined): JsonWebKey | undefined {
  try {
    return certificate?.publicKey.export({ format: "jwk" });
  } catch {
    // A kind of key that this runtime cannot read or that has no JWK form.
    return undefined;
  }
}

function bytesOf(text: string | undefined): Bytes {
  return fromBase64url(text ?? "") ?? new Uint8Array();
}

function coseMap(entries: readonly (readonly [number, number | Bytes])[]): Bytes {
  const parts = entries.flatMap(([label, value]) => [
    cborInteger(label),
    typeof value === "number" ? cborInteger(value) : concatBytes(cborHead(2, value.length), value),
  ]);
  return concatBytes(cborHead(5, entries.length), ...parts);
}

function cborInteger(value: number): Bytes {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
}

function cborHead(major: number, argument: number): Bytes {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  if (argument < 256) return Uint8Array.of((major << 5) | 24, argument);
  return Uint8Array.of((major << 5) | 25, argument >> 8, argument & 0xff);
}
