import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { concatBytes, fromBase64url, toBase64url, toUtf8 } from "../../domain/encoding.ts";

/** What is used here of the options that a ceremony starts with. */
type Options = Readonly<{
  challenge: string;
  rp?: Readonly<{ id: string }>;
  rpId?: string;
  user?: Readonly<{ id: string }>;
}>;

/** A passkey in memory, ES256 and without attestation, for subjects that a probe makes and erases again. */
export type SoftwarePasskey = Readonly<{
  /** The answer to creation options: RegistrationResponseJSON (WebAuthn L3 §5.1.8). */
  register: (options: Options) => unknown;
  /** The answer to request options: AuthenticationResponseJSON. */
  authenticate: (options: Options) => unknown;
}>;

const ID_BYTES = 32;
const [USER_PRESENT, USER_VERIFIED, ATTESTED_DATA] = [0x01, 0x04, 0x40];
/** CBOR: {1: 2, 3: -7, -1: 1, -2: …, -3: …} (RFC 9053 §7.1), up to each coordinate's 32 bytes. */
const [COSE_X, COSE_Y] = [
  [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20],
  [0x22, 0x58, 0x20],
] as const;

/** `origin` is that of the pages whose ceremonies it answers. */
export function createPasskey(origin: string): SoftwarePasskey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = new Uint8Array(randomBytes(ID_BYTES));
  const envelope = { id: toBase64url(id), rawId: toBase64url(id), type: "public-key", clientExtensionResults: {} };
  let userHandle = "";
  return {
    register(options) {
      userHandle = options.user?.id ?? "";
      const attested = concatBytes(new Uint8Array(16), Uint8Array.of(0, ID_BYTES), id, coseOf(publicKey));
      const data = authenticatorData(options.rp?.id ?? "", USER_PRESENT | USER_VERIFIED | ATTESTED_DATA, attested);
      const response = {
        clientDataJSON: toBase64url(clientData("webauthn.create", options.challenge, origin)),
        attestationObject: toBase64url(noneAttestation(data)),
        transports: ["internal"],
      };
      return { ...envelope, response };
    },
    authenticate(options) {
      const client = clientData("webauthn.get", options.challenge, origin);
      const data = authenticatorData(options.rpId ?? "", USER_PRESENT | USER_VERIFIED, new Uint8Array());
      const signature = sign("sha256", concatBytes(data, sha256(client)), privateKey);
      const response = {
        clientDataJSON: toBase64url(client),
        authenticatorData: toBase64url(data),
        signature: toBase64url(new Uint8Array(signature)),
        userHandle,
      };
      return { ...envelope, response };
    },
  };
}

function coseOf(publicKey: KeyObject): Uint8Array {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const [bytesX, bytesY] = [fromBase64url(x) ?? new Uint8Array(), fromBase64url(y) ?? new Uint8Array()];
  return concatBytes(Uint8Array.from(COSE_X), bytesX, Uint8Array.from(COSE_Y), bytesY);
}

function clientData(type: string, challenge: string, origin: string): Uint8Array {
  return toUtf8(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** WebAuthn L3 §6.1; the counter stays at zero. */
function authenticatorData(rpId: string, flags: number, attested: Uint8Array): Uint8Array {
  return concatBytes(sha256(toUtf8(rpId)), Uint8Array.of(flags, 0, 0, 0, 0), attested);
}

/** CBOR: {"fmt": "none", "attStmt": {}, "authData": …}. */
function noneAttestation(data: Uint8Array): Uint8Array {
  const text = (words: string) => concatBytes(Uint8Array.of(0x60 + words.length), toUtf8(words));
  const length = Uint8Array.of(0x59, data.length >> 8, data.length & 0xff);
  const head = concatBytes(Uint8Array.of(0xa3), text("fmt"), text("none"), text("attStmt"), Uint8Array.of(0xa0));
  return concatBytes(head, text("authData"), length, data);
}

function sha256(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(data).digest());
}
