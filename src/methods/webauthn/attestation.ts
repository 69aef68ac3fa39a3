import { type CborMap, isCborBytes } from "../../domain/cbor.ts";
import type { CoseKey } from "../../domain/cose-key.ts";
import { type Bytes, concatBytes } from "../../domain/encoding.ts";
import type { WebauthnCrypto } from "../../ports/webauthn-crypto.ts";
import { verifyAndroidKey } from "./attestation-android-key.ts";
import { verifyFidoU2f } from "./attestation-fido-u2f.ts";
import { verifyByLibrary } from "./attestation-library.ts";
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

/** Undefined means that the statement is not a correct one of its format. */
type AttestationVerifier = (attestation: AttestationCase) => Promise<AttestationProof | undefined>;

/**
 * Checks an attestation statement by its format (WebAuthn L3 §7.1 steps 21 and 22). The list of formats is closed;
 * `android-safetynet` is left out because its service has ended. Trust in the chain is the caller's next question.
 */
export async function verifyStatement(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  const verifier = VERIFIERS.get(attestation.format);
  return verifier === undefined ? undefined : verifier(attestation);
}

const VERIFIERS: ReadonlyMap<string, AttestationVerifier> = new Map<string, AttestationVerifier>([
  ["none", verifyNone],
  ["packed", verifyPacked],
  ["tpm", verifyByLibrary],
  ["apple", verifyByLibrary],
  ["fido-u2f", verifyFidoU2f],
  ["android-key", verifyAndroidKey],
]);

const NO_CHAIN: AttestationProof = { chain: [], inHardware: false };

/** §8.7: the statement is empty. */
async function verifyNone({ statement }: AttestationCase): Promise<AttestationProof | undefined> {
  return statement.size === 0 ? NO_CHAIN : undefined;
}

async function verifyPacked(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  return attestation.statement.has("x5c") ? verifyByLibrary(attestation) : verifySelf(attestation);
}

/** §8.2, self attestation: signed with the credential's own key, by the credential's own algorithm. */
async function verifySelf(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  const { statement, key, publicKey, crypto } = attestation;
  const signature = statement.get("sig");
  if (statement.size !== 2 || statement.get("alg") !== key.algorithm || !isCborBytes(signature)) return undefined;
  const data = concatBytes(attestation.authenticatorData, attestation.clientDataHash);
  return (await crypto.verifySignature({ publicKey, signature, data })) ? NO_CHAIN : undefined;
}
