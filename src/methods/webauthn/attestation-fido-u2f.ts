import { isCborBytes } from "../../domain/cbor.ts";
import { COSE_ALGORITHMS } from "../../domain/cose-key.ts";
import { concatBytes } from "../../domain/encoding.ts";
import type { AttestationCase, AttestationProof } from "./attestation-case.ts";
import { readKeyText, readX5c } from "./certificates.ts";

/**
 * WebAuthn L3 §8.6: exactly one certificate with a P-256 key, which signed the RP ID, the client data, the credential
 * id and the public key in U2F's raw form. Checked here because the library also demands a zero AAGUID, which the
 * clause does not.
 */
export async function verifyFidoU2f(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  const { credential, crypto, key, statement } = attestation;
  const signature = statement.get("sig");
  const chain = readX5c(statement);
  if (statement.size !== 2 || chain?.length !== 1 || !isCborBytes(signature)) return undefined;
  if (key.kind !== "ec" || key.algorithm !== COSE_ALGORITHMS.ES256) return undefined;
  const publicKey = await crypto.certificateKey(chain[0]);
  if (publicKey === undefined || readKeyText(publicKey)?.algorithm !== COSE_ALGORITHMS.ES256) return undefined;
  const data = concatBytes(
    Uint8Array.of(0),
    attestation.rpIdHash,
    attestation.clientDataHash,
    credential.id,
    Uint8Array.of(4),
    key.x,
    key.y,
  );
  return (await crypto.verifySignature({ publicKey, signature, data })) ? { chain, inHardware: true } : undefined;
}
