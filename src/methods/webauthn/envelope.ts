import { type Bytes, fromBase64url } from "../../domain/encoding.ts";

/** A RegistrationResponseJSON after decoding; nothing in it has been believed yet. */
export type RegistrationEnvelope = Readonly<{
  /** base64url */
  id: string;
  clientData: Bytes;
  attestationObject: Bytes;
  transports: readonly string[];
}>;

/** An AuthenticationResponseJSON after decoding; nothing in it has been believed yet. */
export type AssertionEnvelope = Readonly<{
  /** base64url */
  id: string;
  clientData: Bytes;
  authenticatorData: Bytes;
  signature: Bytes;
  /** base64url; undefined when the authenticator gave none */
  userHandle: string | undefined;
}>;

/** Most bytes of each member. A credential id may have 1,023 (WebAuthn L3 §7.1), a user handle 64 (§5.4.3). */
const LIMIT_BYTES = {
  credentialId: 1023,
  clientData: 8 * 1024,
  attestationObject: 64 * 1024,
  authenticatorData: 4 * 1024,
  signature: 2 * 1024,
  userHandle: 64,
} as const;

const TRANSPORTS: ReadonlySet<unknown> = new Set(["usb", "nfc", "ble", "smart-card", "hybrid", "internal"]);

/** Reads a RegistrationResponseJSON (WebAuthn L3 §5.1.8); undefined for a wrong shape, size or encoding. */
export function readRegistration(json: unknown): RegistrationEnvelope | undefined {
  const outer = readOuter(json);
  if (outer === undefined) return undefined;
  const clientData = readBytes(outer.response.clientDataJSON, LIMIT_BYTES.clientData);
  const attestationObject = readBytes(outer.response.attestationObject, LIMIT_BYTES.attestationObject);
  const transports = readTransports(outer.response.transports);
  if (clientData === undefined || attestationObject === undefined || transports === undefined) return undefined;
  return { id: outer.id, clientData, attestationObject, transports };
}

/** Reads an AuthenticationResponseJSON (WebAuthn L3 §5.1.8); undefined for a wrong shape, size or encoding. */
export function readAssertion(json: unknown): AssertionEnvelope | undefined {
  const outer = readOuter(json);
  if (outer === undefined) return undefined;
  const { response } = outer;
  const clientData = readBytes(response.clientDataJSON, LIMIT_BYTES.clientData);
  const authenticatorData = readBytes(response.authenticatorData, LIMIT_BYTES.authenticatorData);
  const signature = readBytes(response.signature, LIMIT_BYTES.signature);
  const userHandle = readUserHandle(response.userHandle);
  if (clientData === undefined || authenticatorData === undefined || signature === undefined) return undefined;
  if (userHandle === undefined) return undefined;
  return { id: outer.id, clientData, authenticatorData, signature, userHandle: userHandle.text };
}

type Members = Readonly<Record<string, unknown>>;

/** `id` and `rawId` are the same text in JSON: the base64url form of the credential id. */
function readOuter(json: unknown): Readonly<{ id: string; response: Members }> | undefined {
  if (!isObject(json) || json.type !== "public-key" || !isObject(json.response)) return undefined;
  const { id, rawId, response } = json;
  const bytes = readBytes(id, LIMIT_BYTES.credentialId);
  if (typeof id !== "string" || id !== rawId || bytes === undefined || bytes.length === 0) return undefined;
  return { id, response };
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readBytes(value: unknown, limit: number): Bytes | undefined {
  if (typeof value !== "string" || value.length > Math.ceil((limit * 4) / 3)) return undefined;
  return fromBase64url(value);
}

/** Absent, null and empty all mean that there is no user handle. */
function readUserHandle(value: unknown): Readonly<{ text: string | undefined }> | undefined {
  if (value === undefined || value === null || value === "") return { text: undefined };
  return typeof value === "string" && readBytes(value, LIMIT_BYTES.userHandle) !== undefined
    ? { text: value }
    : undefined;
}

/** Known transports, each once; unknown ones are ignored (WebAuthn L3 §5.8.4), a list of anything but text is not. */
function readTransports(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 16) return undefined;
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length ? [...new Set(texts)].filter((text) => TRANSPORTS.has(text)) : undefined;
}
