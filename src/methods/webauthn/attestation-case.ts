import type { CborMap } from "../../domain/cbor.ts";
import type { CoseKey } from "../../domain/cose-key.ts";
import type { Bytes } from "../../domain/encoding.ts";
import type { WebauthnCrypto } from "../../ports/webauthn-crypto.ts";
import type { AttestedCredential } from "./authenticator-data.ts";

/** An attestation object taken apart, with what its statement has to fit. */
export type AttestationCase = Readonly<{
  format: string;
  statement: CborMap;
  /** As signed. */
  authenticatorData: Bytes;
  credential: AttestedCredential;
  key: CoseKey;
  /** The credential's COSE_Key, base64url. */
  publicKey: string;
  clientData: Bytes;
  clientDataHash: Bytes;
  rpIdHash: Bytes;
  attestationObject: Bytes;
  /** What the client data were already found to hold. */
  expected: Readonly<{ challenge: string; origins: readonly string[] }>;
  crypto: WebauthnCrypto;
}>;

/**
 * What a correct statement shows: the certificates it rests on (DER, leaf first; none for `none` and self
 * attestation), and whether they say that hardware holds the key.
 */
export type AttestationProof = Readonly<{ chain: readonly Bytes[]; inHardware: boolean }>;
