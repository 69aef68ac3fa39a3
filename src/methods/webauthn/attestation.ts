import { isCborBytes } from "../../domain/cbor.ts";
import { concatBytes } from "../../domain/encoding.ts";
import type { AttestationCase, AttestationProof } from "./attestation-case.ts";

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
  ["fido-u2f", async (attestation) => (await import("./attestation-fido-u2f.ts")).verifyFidoU2f(attestation)],
  ["android-key", async (attestation) => (await import("./attestation-android-key.ts")).verifyAndroidKey(attestation)],
]);

/** What reads certificates takes 24 MB, and is loaded with the first one: most passkeys come without. */
async function verifyByLibrary(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  const library = await import("./attestation-library.ts");
  return library.verifyByLibrary(attestation);
}

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
