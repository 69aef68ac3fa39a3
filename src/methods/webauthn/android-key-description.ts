import { type Bytes, sameBytes } from "../../domain/encoding.ts";
import { type DerElement, readDerContainer, readDerElements } from "./der.ts";

/**
 * Where a key lives by Android's key description (the DER content of the attestation certificate's extension), read as
 * WebAuthn L3 §8.4 says. Undefined when it was not generated for signing, may be used by any application, or answers
 * another challenge than this hash of the client data.
 */
export function findPlaceOfKey(
  description: Bytes,
  clientDataHash: Bytes,
): "trusted_environment" | "software" | undefined {
  const fields = readDerContainer(description);
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

const TAG = { purpose: 1, allApplications: 600, origin: 702 } as const;
const CONTEXT_CLASS = 2;
const PURPOSE_SIGN = 2;
const ORIGIN_GENERATED = 0;

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
