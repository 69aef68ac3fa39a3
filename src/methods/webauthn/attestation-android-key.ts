import { isCborBytes } from "../../domain/cbor.ts";
import { type Bytes, concatBytes, sameBytes } from "../../domain/encoding.ts";
import type { AttestationCase, AttestationProof } from "./attestation.ts";
import { isSameKey, readExtension, readKeyText, readX5c } from "./certificates.ts";
import { type DerElement, readDerContainer, readDerElements } from "./der.ts";

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
  const inHardware = findPlaceOfKey(chain[0], attestation.clientDataHash);
  return inHardware === undefined ? undefined : { chain, inHardware: inHardware === "trusted_environment" };
}

const KEY_DESCRIPTION = "1.3.6.1.4.1.11129.2.1.17";
const TAG = { purpose: 1, allApplications: 600, origin: 702 } as const;
const CONTEXT_CLASS = 2;
const PURPOSE_SIGN = 2;
const ORIGIN_GENERATED = 0;

/** Where the key lives by Android's key description; undefined when the description does not fit this ceremony. */
function findPlaceOfKey(leaf: Bytes, clientDataHash: Bytes): "trusted_environment" | "software" | undefined {
  const extension = readExtension(leaf, KEY_DESCRIPTION);
  const fields = extension === undefined ? undefined : readDerContainer(extension);
  const challenge = fields?.[4];
  const software = readAuthorizations(fields?.[6]);
  const trusted = readAuthorizations(fields?.[7]);
  if (challenge === undefined || software === undefined || trusted === undefined) return undefined;
  if (!sameBytes(challenge.content, clientDataHash)) return undefined;
  // A key that any application may use is not scoped to the RP ID.
  if (software.has(TAG.allApplications) || trusted.has(TAG.allApplications)) return undefined;
  if (isGeneratedForSigning([trusted])) return "trusted_environment";
  return isGeneratedForSigning([trusted, software]) ? "software" : undefined;
}

type Authorizations = ReadonlyMap<number, Bytes>;

function readAuthorizations(list: DerElement | undefined): Authorizations | undefined {
  const elements = list === undefined ? undefined : readDerElements(list.content);
  if (elements === undefined || elements.some(({ tagClass }) => tagClass !== CONTEXT_CLASS)) return undefined;
  return new Map(elements.map(({ tag, content }) => [tag, content]));
}

function isGeneratedForSigning(lists: readonly Authorizations[]): boolean {
  const origins = lists.flatMap((list) => readDerElements(list.get(TAG.origin) ?? new Uint8Array()) ?? []);
  const purposes = lists.flatMap((list) => readDerContainer(list.get(TAG.purpose) ?? new Uint8Array()) ?? []);
  const isGenerated = origins.length > 0 && origins.every((origin) => isInteger(origin, ORIGIN_GENERATED));
  return isGenerated && purposes.some((purpose) => isInteger(purpose, PURPOSE_SIGN));
}

function isInteger({ content }: DerElement, value: number): boolean {
  return content.length === 1 && content[0] === value;
}
