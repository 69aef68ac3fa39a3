import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialDescriptorJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { COSE_ALGORITHMS } from "../../domain/cose-key.ts";

/** How long a browser may wait for the person: the upper end of what WebAuthn L3 §15.1 recommends. */
const TIMEOUT_MS = 600_000;

/** The algorithms offered unless a caller says otherwise, the preferred one first: EdDSA, ES256, RS256. */
export const DEFAULT_ALGORITHMS: readonly number[] = [
  COSE_ALGORITHMS.EdDSA,
  COSE_ALGORITHMS.ES256,
  COSE_ALGORITHMS.RS256,
];

/** Where the browser should look first (WebAuthn L3 §5.8.7). */
export type Hint = "security-key" | "client-device" | "hybrid";

/** A credential to offer or to exclude; `id` is base64url. */
type CredentialDescriptor = Readonly<{ id: string; transports: readonly string[] }>;

/** What differs between one creation and the next. */
export type CreationOptionsInput = Readonly<{
  rpId: string;
  rpName: string;
  /** 64 random bytes, base64url; the same for all credentials of a subject. */
  userHandle: string;
  userName: string;
  displayName: string;
  /** base64url */
  challenge: string;
  excludeCredentials: readonly CredentialDescriptor[];
  userVerification: "required" | "preferred";
  algorithms?: readonly number[];
  hints?: readonly Hint[];
  authenticatorAttachment?: "platform" | "cross-platform";
}>;

/** What navigator.credentials.create() is asked for (WebAuthn L3 §5.4), in its JSON form. */
export function buildCreationOptions(input: CreationOptionsInput): PublicKeyCredentialCreationOptionsJSON {
  const { authenticatorAttachment, hints, userVerification } = input;
  return {
    rp: { id: input.rpId, name: input.rpName },
    user: { id: input.userHandle, name: input.userName, displayName: input.displayName },
    challenge: input.challenge,
    pubKeyCredParams: (input.algorithms ?? DEFAULT_ALGORITHMS).map((alg) => ({ type: "public-key", alg })),
    timeout: TIMEOUT_MS,
    excludeCredentials: input.excludeCredentials.map(toDescriptor),
    authenticatorSelection: {
      ...(authenticatorAttachment === undefined ? {} : { authenticatorAttachment }),
      residentKey: "preferred",
      requireResidentKey: false,
      userVerification,
    },
    ...(hints === undefined ? {} : { hints: [...hints] }),
    attestation: "none",
    extensions: { credProps: true },
  };
}

/** What differs between one request and the next; no allowed credentials means a usernameless ceremony. */
export type RequestOptionsInput = Readonly<{
  rpId: string;
  /** base64url */
  challenge: string;
  allowCredentials: readonly CredentialDescriptor[];
  userVerification: "required" | "preferred";
  hints?: readonly Hint[];
}>;

/** What navigator.credentials.get() is asked for (WebAuthn L3 §5.5), in its JSON form. */
export function buildRequestOptions(input: RequestOptionsInput): PublicKeyCredentialRequestOptionsJSON {
  return {
    rpId: input.rpId,
    challenge: input.challenge,
    timeout: TIMEOUT_MS,
    allowCredentials: input.allowCredentials.map(toDescriptor),
    userVerification: input.userVerification,
    ...(input.hints === undefined ? {} : { hints: [...input.hints] }),
  };
}

function toDescriptor({ id, transports }: CredentialDescriptor): PublicKeyCredentialDescriptorJSON {
  const known = transports.filter(isTransport);
  return { id, type: "public-key", ...(known.length > 0 ? { transports: known } : {}) };
}

type Transport = NonNullable<PublicKeyCredentialDescriptorJSON["transports"]>[number];

const TRANSPORTS: readonly string[] = [
  "usb",
  "nfc",
  "ble",
  "smart-card",
  "hybrid",
  "internal",
] satisfies readonly Transport[];

function isTransport(text: string): text is Transport {
  return TRANSPORTS.includes(text);
}
