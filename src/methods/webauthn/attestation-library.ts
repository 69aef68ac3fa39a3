import { SettingsService, verifyRegistrationResponse } from "@simplewebauthn/server";
import { COSE_ALGORITHMS } from "../../domain/cose-key.ts";
import { toBase64url } from "../../domain/encoding.ts";
import type { AttestationCase, AttestationProof } from "./attestation-case.ts";
import { readKeyText, readX5c } from "./certificates.ts";

// The library keeps its roots in one global table and fetches revocation lists while it walks a chain. Without roots it
// walks none: it checks the statement alone, and trust is decided afterwards, per realm.
SettingsService.setRootCertificates({ identifier: "apple", certificates: [] });

/**
 * WebAuthn L3 §8.2 (with certificates), §8.3 and §8.8, by @simplewebauthn/server. It throws at some bad statements and
 * answers others with false: both mean that the statement is not correct.
 */
export async function verifyByLibrary(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  const chain = readX5c(attestation.statement);
  if (chain === undefined || !(await doesAlgorithmFit(attestation))) return undefined;
  return (await isStatementCorrect(attestation)) ? { chain, inHardware: true } : undefined;
}

/** The algorithm that the statement names is one that the certificate's key can have made. Apple's names none. */
async function doesAlgorithmFit({ crypto, format, statement }: AttestationCase): Promise<boolean> {
  if (format === "apple") return true;
  const leaf = readX5c(statement)?.[0];
  const key = leaf === undefined ? undefined : readKeyText(await crypto.certificateKey(leaf));
  const algorithm = statement.get("alg");
  if (key?.kind === "rsa") return algorithm === COSE_ALGORITHMS.RS256 || algorithm === COSE_ALGORITHMS.PS256;
  return key !== undefined && algorithm === key.algorithm;
}

async function isStatementCorrect(attestation: AttestationCase): Promise<boolean> {
  const id = toBase64url(attestation.credential.id);
  try {
    const { verified } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: {
          clientDataJSON: toBase64url(attestation.clientData),
          attestationObject: toBase64url(attestation.attestationObject),
        },
        clientExtensionResults: {},
      },
      expectedChallenge: attestation.expected.challenge,
      expectedOrigin: [...attestation.expected.origins],
      requireUserVerification: false,
      supportedAlgorithmIDs: [attestation.key.algorithm],
    });
    return verified;
  } catch {
    return false;
  }
}
