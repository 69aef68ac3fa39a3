import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { type Bytes, concatBytes, toUtf8 } from "../../src/domain/encoding.ts";
import type { Encodable } from "./cbor.ts";
import type { RegistrationOverrides } from "./virtual-authenticator.ts";

/** A maker of security keys: its root, and what makes a registration come with `packed` attestation under it. */
export type AttestationRoot = Readonly<{ pem: string; attestation: NonNullable<RegistrationOverrides["attestation"]> }>;

/** A new maker with one attestation certificate, issued by its root. */
export function createAttestationRoot(): AttestationRoot {
  const root = createIssuer({ name: "Test Maker Root", isCa: true });
  const leaf = createIssuer({ name: "Test Key", isCa: false, issuer: root });
  const statement = (signed: Bytes): Encodable => {
    const sig = Uint8Array.from(sign("sha256", signed, leaf.privateKey));
    return new Map<string, Encodable>([
      ["alg", -7],
      ["sig", sig],
      ["x5c", [leaf.certificate]],
    ]);
  };
  const pem = new X509Certificate(root.certificate).toString();
  return { pem, attestation: { format: "packed", statement } };
}

/** A certificate (DER) with its P-256 key; self-signed when nobody issues it. */
export type Issuer = Readonly<{ name: string; certificate: Bytes; privateKey: KeyObject }>;

/** Makes a certificate that is valid from 2024 to 2049. */
export function createIssuer(wanted: Readonly<{ name: string; isCa: boolean; issuer?: Issuer }>): Issuer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const toBeSigned = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ECDSA_WITH_SHA256,
    nameOf(wanted.issuer?.name ?? wanted.name),
    sequence(der(0x17, toUtf8("240101000000Z")), der(0x17, toUtf8("491231235959Z"))),
    nameOf(wanted.name),
    Uint8Array.from(publicKey.export({ format: "der", type: "spki" })),
    der(0xa3, sequence(basicConstraints(wanted.isCa))),
  );
  const signature = Uint8Array.from(sign("sha256", toBeSigned, wanted.issuer?.privateKey ?? privateKey));
  const certificate = sequence(toBeSigned, ECDSA_WITH_SHA256, der(0x03, Uint8Array.of(0), signature));
  return { name: wanted.name, certificate, privateKey };
}

const ECDSA_WITH_SHA256 = sequence(der(0x06, Uint8Array.from(Buffer.from("2a8648ce3d040302", "hex"))));

/** The subject that WebAuthn L3 §8.2.1 asks of an attestation certificate. */
function nameOf(commonName: string): Bytes {
  return sequence(
    attribute(6, der(0x13, toUtf8("AA"))),
    attribute(10, der(0x0c, toUtf8("Test Maker"))),
    attribute(11, der(0x0c, toUtf8("Authenticator Attestation"))),
    attribute(3, der(0x0c, toUtf8(commonName))),
  );
}

function attribute(type: number, value: Bytes): Bytes {
  return der(0x31, sequence(der(0x06, Uint8Array.of(0x55, 4, type)), value));
}

function basicConstraints(isCa: boolean): Bytes {
  const value = isCa ? sequence(der(0x01, Uint8Array.of(0xff))) : sequence();
  return sequence(der(0x06, Uint8Array.of(0x55, 0x1d, 0x13)), der(0x01, Uint8Array.of(0xff)), der(0x04, value));
}

/** A DER SEQUENCE of parts. */
export function sequence(...parts: readonly Bytes[]): Bytes {
  return der(0x30, ...parts);
}

/** A DER INTEGER below 128. */
export function integer(value: number): Bytes {
  return der(0x02, Uint8Array.of(value));
}

/** A DER element; the tag is its first byte, or its bytes when there are more. */
export function der(tag: number | readonly number[], ...parts: readonly Bytes[]): Bytes {
  const content = concatBytes(...parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.of(...(typeof tag === "number" ? [tag] : tag), ...size), content);
}
