import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from "node:crypto";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { type Bytes, concatBytes, fromBase64url, toBase64url, toUtf8 } from "../../src/domain/encoding.ts";
import { type Encodable, encodeCbor } from "./cbor.ts";

/** ES256, EdDSA and RS256. */
export type AuthenticatorAlgorithm = -7 | -8 | -257;

/** What deviates from an honest ceremony; everything left out is honest. */
type Overrides = Readonly<{
  type?: string;
  challenge?: string;
  origin?: string;
  crossOrigin?: unknown;
  topOrigin?: unknown;
  clientDataExtra?: Readonly<Record<string, unknown>>;
  /** Replaces the client data's bytes; they are still what gets signed. */
  clientData?: (honest: Bytes) => Bytes;
  /** Whose SHA-256 goes into the authenticator data. */
  rpId?: string;
  userPresent?: boolean;
  userVerified?: boolean;
  backupEligible?: boolean;
  backupState?: boolean;
  signCount?: number;
  /** Sets the ED flag and appends this CBOR. */
  extensions?: Encodable;
  /** Replaces the authenticator data; they are still what gets signed. */
  authenticatorData?: (honest: Bytes) => Bytes;
}>;

export type RegistrationOverrides = Overrides &
  Readonly<{
    algorithm?: AuthenticatorAlgorithm;
    credentialId?: Bytes;
    /** Claims this COSE_Key instead of the generated one. */
    publicKey?: Encodable;
    aaguid?: Bytes;
    /** The id in the envelope, base64url. */
    envelopeId?: string;
    attestation?: "none" | "self" | Readonly<{ format: string; statement: (signed: Bytes) => Encodable }>;
    transports?: RegistrationResponseJSON["response"]["transports"];
  }>;

export type AuthenticationOverrides = Overrides &
  Readonly<{
    /** base64url; null leaves it out. */
    userHandle?: string | null;
    /** Answers with this credential (base64url) whatever the options allow. */
    credentialId?: string;
    signature?: (honest: Bytes) => Bytes;
  }>;

export type VirtualAuthenticator = Readonly<{
  /** Like navigator.credentials.create(); throws InvalidStateError when an excluded credential is held here. */
  register: (
    options: PublicKeyCredentialCreationOptionsJSON,
    overrides?: RegistrationOverrides,
  ) => RegistrationResponseJSON;
  /** Like navigator.credentials.get(); throws NotAllowedError when no credential fits. */
  authenticate: (
    options: PublicKeyCredentialRequestOptionsJSON,
    overrides?: AuthenticationOverrides,
  ) => AuthenticationResponseJSON;
}>;

export type AuthenticatorSettings = Readonly<{
  rpId: string;
  origin: string;
  userVerified?: boolean;
  backupEligible?: boolean;
  backupState?: boolean;
  /** Whether signatures are counted, from 1 on; otherwise the counter stays at zero. */
  counts?: boolean;
  transports?: RegistrationResponseJSON["response"]["transports"];
}>;

/** A software authenticator together with its browser: an honest one, unless told to deviate. */
export function createAuthenticator(settings: AuthenticatorSettings): VirtualAuthenticator {
  const held: Credential[] = [];
  return {
    register(options, overrides = {}) {
      const excluded = new Set(options.excludeCredentials?.map(({ id }) => id));
      if (held.some(({ id }) => excluded.has(id))) throw new DOMException("already registered", "InvalidStateError");
      const credential = createCredential(options, overrides);
      held.push(credential);
      return toRegistration(settings, { options, overrides, credential });
    },
    authenticate(options, overrides = {}) {
      const allowed = new Set(options.allowCredentials?.map(({ id }) => id));
      const wanted = overrides.credentialId;
      const credential = held.findLast(({ id }) => (wanted ? id === wanted : allowed.size === 0 || allowed.has(id)));
      if (credential === undefined) throw new DOMException("no credential fits", "NotAllowedError");
      return toAuthentication(settings, { options, overrides, credential });
    },
  };
}

type Credential = {
  readonly id: string;
  readonly rawId: Bytes;
  readonly algorithm: AuthenticatorAlgorithm;
  readonly privateKey: KeyObject;
  readonly cose: Bytes;
  readonly userHandle: string;
  signCount: number;
};

function createCredential(
  options: PublicKeyCredentialCreationOptionsJSON,
  overrides: RegistrationOverrides,
): Credential {
  const algorithm = overrides.algorithm ?? pickAlgorithm(options.pubKeyCredParams.map(({ alg }) => alg));
  const rawId = overrides.credentialId ?? new Uint8Array(randomBytes(32));
  const { privateKey, publicKey } = generateKeys(algorithm);
  const cose = encodeCbor(overrides.publicKey ?? toCose(publicKey, algorithm));
  return { id: toBase64url(rawId), rawId, algorithm, privateKey, cose, userHandle: options.user.id, signCount: 0 };
}

function pickAlgorithm(offered: readonly number[]): AuthenticatorAlgorithm {
  const known: readonly AuthenticatorAlgorithm[] = [-7, -8, -257];
  const algorithm = known.find((candidate) => offered.includes(candidate));
  if (algorithm === undefined) throw new DOMException("no algorithm fits", "NotSupportedError");
  return algorithm;
}

function generateKeys(algorithm: AuthenticatorAlgorithm): Readonly<{ privateKey: KeyObject; publicKey: KeyObject }> {
  if (algorithm === -7) return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return algorithm === -8 ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** The COSE_Key of a public key, as a map to encode. */
export function toCose(key: KeyObject, algorithm: AuthenticatorAlgorithm): ReadonlyMap<number, Encodable> {
  const { e, n, x, y } = key.export({ format: "jwk" });
  if (algorithm === -7)
    return new Map<number, Encodable>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]);
  if (algorithm === -8)
    return new Map<number, Encodable>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(x)],
    ]);
  return new Map<number, Encodable>([
    [1, 3],
    [3, -257],
    [-1, bytes(n)],
    [-2, bytes(e)],
  ]);
}

type Registration = Readonly<{
  options: PublicKeyCredentialCreationOptionsJSON;
  overrides: RegistrationOverrides;
  credential: Credential;
}>;

function toRegistration(settings: AuthenticatorSettings, ceremony: Registration): RegistrationResponseJSON {
  const { credential, options, overrides } = ceremony;
  const clientData = makeClientData(settings, { type: "webauthn.create", challenge: options.challenge, overrides });
  const attested = concatBytes(
    overrides.aaguid ?? new Uint8Array(16),
    Uint8Array.of(credential.rawId.length >> 8, credential.rawId.length & 0xff),
    credential.rawId,
    credential.cose,
  );
  const rpId = options.rp.id ?? settings.rpId;
  const authData = makeAuthenticatorData(settings, { overrides, rpId, signCount: 0, attested });
  const { fmt, attStmt } = makeAttestation(ceremony, concatBytes(authData, sha256(clientData)));
  const attestationObject = encodeCbor(
    new Map<string, Encodable>([
      ["fmt", fmt],
      ["attStmt", attStmt],
      ["authData", authData],
    ]),
  );
  const id = overrides.envelopeId ?? credential.id;
  return {
    id,
    rawId: id,
    type: "public-key",
    response: {
      clientDataJSON: toBase64url(clientData),
      attestationObject: toBase64url(attestationObject),
      transports: overrides.transports ?? settings.transports ?? ["internal", "hybrid"],
    },
    clientExtensionResults: { credProps: { rk: true } },
  };
}

function makeAttestation(
  { credential, overrides }: Registration,
  signed: Bytes,
): Readonly<{ fmt: string; attStmt: Encodable }> {
  const { attestation = "none" } = overrides;
  if (attestation === "none") return { fmt: "none", attStmt: new Map() };
  if (attestation !== "self") return { fmt: attestation.format, attStmt: attestation.statement(signed) };
  const sig = signWith(credential, signed);
  return {
    fmt: "packed",
    attStmt: new Map<string, Encodable>([
      ["alg", credential.algorithm],
      ["sig", sig],
    ]),
  };
}

type Authentication = Readonly<{
  options: PublicKeyCredentialRequestOptionsJSON;
  overrides: AuthenticationOverrides;
  credential: Credential;
}>;

function toAuthentication(settings: AuthenticatorSettings, ceremony: Authentication): AuthenticationResponseJSON {
  const { credential, options, overrides } = ceremony;
  if (settings.counts) credential.signCount += 1;
  const clientData = makeClientData(settings, { type: "webauthn.get", challenge: options.challenge, overrides });
  const rpId = options.rpId ?? settings.rpId;
  const { signCount } = credential;
  const authData = makeAuthenticatorData(settings, { overrides, rpId, signCount, attested: undefined });
  const signature = signWith(credential, concatBytes(authData, sha256(clientData)));
  const userHandle = overrides.userHandle === undefined ? credential.userHandle : overrides.userHandle;
  return {
    id: credential.id,
    rawId: credential.id,
    type: "public-key",
    response: {
      clientDataJSON: toBase64url(clientData),
      authenticatorData: toBase64url(authData),
      signature: toBase64url(overrides.signature?.(signature) ?? signature),
      ...(userHandle === null ? {} : { userHandle }),
    },
    clientExtensionResults: {},
  };
}

function makeClientData(
  settings: AuthenticatorSettings,
  { challenge, overrides, type }: Readonly<{ type: string; challenge: string; overrides: Overrides }>,
): Bytes {
  const honest = toUtf8(
    JSON.stringify({
      type: overrides.type ?? type,
      challenge: overrides.challenge ?? challenge,
      origin: overrides.origin ?? settings.origin,
      crossOrigin: overrides.crossOrigin ?? false,
      ...(overrides.topOrigin === undefined ? {} : { topOrigin: overrides.topOrigin }),
      ...overrides.clientDataExtra,
    }),
  );
  return overrides.clientData?.(honest) ?? honest;
}

type Head = Readonly<{ overrides: Overrides; rpId: string; signCount: number; attested: Bytes | undefined }>;

function makeAuthenticatorData(settings: AuthenticatorSettings, head: Head): Bytes {
  const { attested, overrides, rpId, signCount } = head;
  const { extensions } = overrides;
  const flags =
    ((overrides.userPresent ?? true) ? 0x01 : 0) |
    ((overrides.userVerified ?? settings.userVerified ?? true) ? 0x04 : 0) |
    ((overrides.backupEligible ?? settings.backupEligible ?? false) ? 0x08 : 0) |
    ((overrides.backupState ?? settings.backupState ?? false) ? 0x10 : 0) |
    (attested === undefined ? 0 : 0x40) |
    (extensions === undefined ? 0 : 0x80);
  const counter = new Uint8Array(4);
  new DataView(counter.buffer).setUint32(0, overrides.signCount ?? signCount);
  const honest = concatBytes(
    sha256(toUtf8(overrides.rpId ?? rpId)),
    Uint8Array.of(flags),
    counter,
    attested ?? new Uint8Array(),
    extensions === undefined ? new Uint8Array() : encodeCbor(extensions),
  );
  return overrides.authenticatorData?.(honest) ?? honest;
}

function signWith({ algorithm, privateKey }: Credential, data: Bytes): Bytes {
  return new Uint8Array(sign(algorithm === -8 ? null : "sha256", data, privateKey));
}

function sha256(data: Bytes): Bytes {
  return new Uint8Array(hash("sha256", data, "buffer"));
}

function bytes(text: string | undefined): Bytes {
  const decoded = fromBase64url(text ?? "");
  if (decoded === undefined) throw new TypeError("not base64url");
  return decoded;
}
