import { getCertificateInfo } from "@simplewebauthn/server/helpers";
import { type CborMap, isCborBytes } from "../../domain/cbor.ts";
import { type CoseKey, parseCoseKey } from "../../domain/cose-key.ts";
import { type Bytes, fromBase64url, sameBytes } from "../../domain/encoding.ts";

const MAX_CERTIFICATES = 6;

/** The certificates of a statement's `x5c` (DER, leaf first): one to six, or undefined. */
export function readX5c(statement: CborMap): readonly [Bytes, ...Bytes[]] | undefined {
  const x5c = statement.get("x5c");
  if (!Array.isArray(x5c) || x5c.length > MAX_CERTIFICATES || !x5c.every(isCborBytes)) return undefined;
  const [leaf, ...rest] = x5c;
  return leaf === undefined ? undefined : [leaf, ...rest];
}

/** The content of a certificate's extension; undefined when the certificate cannot be read or has no such extension. */
export function readExtension(certificate: Bytes, id: string): Bytes | undefined {
  try {
    const { extensions } = getCertificateInfo(certificate).parsedCertificate.tbsCertificate;
    const found = extensions?.find((extension) => extension.extnID === id);
    return found === undefined ? undefined : new Uint8Array(found.extnValue.buffer);
  } catch {
    return undefined;
  }
}

/** A COSE_Key from base64url; undefined when it is not a usable one. */
export function readKeyText(publicKey: string | undefined): CoseKey | undefined {
  const bytes = publicKey === undefined ? undefined : fromBase64url(publicKey);
  const parsed = bytes === undefined ? undefined : parseCoseKey(bytes);
  return parsed?.ok === true ? parsed.key : undefined;
}

/** Whether two keys are the same public key, whatever algorithm each is meant for. */
export function isSameKey(a: CoseKey, b: CoseKey): boolean {
  if (a.kind === "rsa") return b.kind === "rsa" && sameBytes(a.n, b.n) && sameBytes(a.e, b.e);
  if (b.kind === "rsa" || a.curve !== b.curve || !sameBytes(a.x, b.x)) return false;
  return a.kind === "okp" || (b.kind === "ec" && sameBytes(a.y, b.y));
}
