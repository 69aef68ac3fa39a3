import { isCborBytes } from "../../domain/cbor.ts";
import { concatBytes } from "../../domain/encoding.ts";
import { findPlaceOfKey } from "./android-key-description.ts";
import type { AttestationCase, AttestationProof } from "./attestation-case.ts";
import { isSameKey, readExtension, readKeyText, readX5c } from "./certificates.ts";

/**
 * WebAuthn L3 §8.4. `inHardware` is true only when the trusted environment's own list says that the key was generated
 * there for signing. Checked here because the library takes the last certificate it is sent for a root and fetches
 * the revocation list that this certificate names: an address of the sender's choice.
 */
export async function verifyAndroidKey(attestation: AttestationCase): Promise<AttestationProof | undefined> {
  const { crypto, key, publicKey, statement } = attestation;
  const signature = statement.get("sig");
  const chain = readX5c(statement);
  if (statement.size !== 3 || chain === undefined || !isCborBytes(signature)) return undefined;
  const leafKey = readKeyText(await crypto.certificateKey(chain[0]));
  if (leafKey === undefined || !isSameKey(leafKey, key) || statement.get("alg") !== key.algorithm) return undefined;
  const data = concatBytes(attestation.authenticatorData, attestation.clientDataHash);
  if (!(await crypto.verifySignature({ publicKey, signature, data }))) return undefined;
  const description = readExtension(chain[0], KEY_DESCRIPTION);
  const place = description === undefined ? undefined : findPlaceOfKey(description, attestation.clientDataHash);
  return place === undefined ? undefined : { chain, inHardware: place === "trusted_environment" };
}

const KEY_DESCRIPTION = "1.3.6.1.4.1.11129.2.1.17";
