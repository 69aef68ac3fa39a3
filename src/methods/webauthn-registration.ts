import { type CborMap, isCborBytes, isCborMap, readCborMap } from "../domain/cbor.ts";
import { type CoseKey, parseCoseKey } from "../domain/cose-key.ts";
import { type Bytes, toBase64url, toUtf8 } from "../domain/encoding.ts";
import { type Rejection, type RejectionReason, reject } from "../domain/evidence.ts";
import type { WebauthnCrypto } from "../ports/webauthn-crypto.ts";
import { verifyStatement } from "./webauthn/attestation.ts";
import type { AttestationCase, AttestationProof } from "./webauthn/attestation-case.ts";
import { type AuthenticatorData, findHeadFault, readAuthenticatorData } from "./webauthn/authenticator-data.ts";
import { findClientDataFault } from "./webauthn/client-data.ts";
import { type RegistrationEnvelope, readRegistration } from "./webauthn/envelope.ts";

/** A registration, and what the ceremony it belongs to expects. */
export type AttestationInput = Readonly<{
  /** RegistrationResponseJSON as it came in. */
  response: unknown;
  /** The expected challenge, base64url. */
  challenge: string;
  rpId: string;
  /** Exact origins; a match is equality of text. */
  origins: readonly string[];
  userVerification: "required" | "preferred";
  /** The COSE algorithms that were offered. */
  algorithms: readonly number[];
  /** Hardware makers' roots, PEM or base64 DER. Without them no credential counts as attested. */
  trustedRoots?: readonly string[];
  /** For the validity of certificates, in epoch milliseconds. */
  nowMs: number;
  crypto: WebauthnCrypto;
}>;

/** A checked new credential. Whether its id is new is for the store to say. */
export type NewCredential = Readonly<{
  /** base64url */
  credentialId: string;
  /** COSE_Key, base64url */
  publicKey: string;
  /** COSE algorithm identifier */
  algorithm: number;
  signCount: number;
  backupEligible: boolean;
  backupState: boolean;
  userVerified: boolean;
  transports: readonly string[];
  /** Lower case with hyphens; a claim unless hardwareAttested. */
  aaguid: string;
  /** The statement is correct, says that hardware holds the key, and chains to a trusted root. */
  hardwareAttested: boolean;
  attestationFormat: string;
}>;

/** The credential to store, or why there is none. */
export type CheckedAttestation = Readonly<{ ok: true; credential: NewCredential }> | Rejection;

/**
 * Checks an attestation (WebAuthn L3 §7.1) and never throws on hostile input. An attestation whose chain ends at no
 * trusted root is taken like `none`; one whose statement is wrong is refused.
 */
export async function checkAttestation(input: AttestationInput): Promise<CheckedAttestation> {
  const envelope = readRegistration(input.response);
  if (envelope === undefined) return reject("malformed");
  const clientDataFault = findClientDataFault(envelope.clientData, { ...input, type: "webauthn.create" });
  if (clientDataFault !== undefined) return reject(clientDataFault);
  const opened = await openAttestationObject(input, envelope);
  if (!opened.ok) return reject(opened.reason);
  const { attestation, data } = opened;
  const proof = await verifyStatement(attestation);
  if (proof === undefined) return reject("bad_attestation");
  const hardwareAttested = await isHardwareAttested(input, proof);
  return { ok: true, credential: { ...toCredential(attestation, data, envelope), hardwareAttested } };
}

type Opened =
  | Readonly<{ ok: true; attestation: AttestationCase; data: AuthenticatorData }>
  | Readonly<{ ok: false; reason: RejectionReason }>;

/** §7.1 steps 13 to 20 and 25: the attestation object, the head of its authenticator data, the credential. */
async function openAttestationObject(input: AttestationInput, envelope: RegistrationEnvelope): Promise<Opened> {
  const parts = readAttestationObject(envelope.attestationObject);
  if (parts === undefined) return { ok: false, reason: "malformed" };
  const { credential } = parts.data;
  const rpIdHash = await input.crypto.sha256(toUtf8(input.rpId));
  const headFault = findHeadFault(parts.data, { ...input, rpIdHash });
  if (headFault !== undefined) return { ok: false, reason: headFault };
  if (credential === undefined) return { ok: false, reason: "malformed" };
  if (!isCredentialIdValid(credential.id, envelope.id)) return { ok: false, reason: "credential_id_invalid" };
  const read = await readCredentialKey(input, credential.publicKey);
  if (!read.ok) return read;
  const clientDataHash = await input.crypto.sha256(envelope.clientData);
  const attestation = { ...envelope, ...parts, credential, key: read.key, publicKey: read.publicKey };
  const context = { clientDataHash, rpIdHash, expected: input, crypto: input.crypto };
  return { ok: true, data: parts.data, attestation: { ...attestation, ...context } };
}

type ReadKey =
  | Readonly<{ ok: true; key: CoseKey; publicKey: string }>
  | Readonly<{ ok: false; reason: RejectionReason }>;

/** §7.1 step 20, and §5.8.5: an offered algorithm, the curve that fits it, a point that is on the curve. */
async function readCredentialKey({ algorithms, crypto }: AttestationInput, cose: Bytes): Promise<ReadKey> {
  const parsed = parseCoseKey(cose);
  if (!parsed.ok) return parsed;
  const publicKey = toBase64url(cose);
  if (!algorithms.includes(parsed.key.algorithm)) return { ok: false, reason: "algorithm_mismatch" };
  if (!(await crypto.isUsableKey(publicKey))) return { ok: false, reason: "bad_key" };
  return { ok: true, key: parsed.key, publicKey };
}

type AttestationParts = Readonly<{
  format: string;
  statement: CborMap;
  authenticatorData: Bytes;
  data: AuthenticatorData;
}>;

/** §6.5: one CBOR map of `fmt`, `attStmt` and `authData`, with nothing behind it. */
function readAttestationObject(bytes: Bytes): AttestationParts | undefined {
  const map = readCborMap(bytes);
  const format = map?.get("fmt");
  const statement = map?.get("attStmt");
  const authenticatorData = map?.get("authData");
  if (typeof format !== "string" || !isCborMap(statement) || !isCborBytes(authenticatorData)) return undefined;
  const data = readAuthenticatorData(authenticatorData);
  return data === undefined ? undefined : { format, statement, authenticatorData, data };
}

/** §7.1 step 25: the envelope, which nothing signs, names the same credential; its id has 1 to 1,023 bytes. */
function isCredentialIdValid(id: Bytes, envelopeId: string): boolean {
  return toBase64url(id) === envelopeId;
}

async function isHardwareAttested(input: AttestationInput, proof: AttestationProof): Promise<boolean> {
  const roots = input.trustedRoots ?? [];
  if (roots.length === 0 || !proof.inHardware) return false;
  return input.crypto.chainsToRoot({ chain: proof.chain, roots, nowMs: input.nowMs });
}

function toCredential(
  { credential, format, key, publicKey }: AttestationCase,
  data: AuthenticatorData,
  { id, transports }: RegistrationEnvelope,
): Omit<NewCredential, "hardwareAttested"> {
  return {
    credentialId: id,
    publicKey,
    algorithm: key.algorithm,
    signCount: data.signCount,
    backupEligible: data.backupEligible,
    backupState: data.backupState,
    userVerified: data.userVerified,
    transports,
    aaguid: credential.aaguid,
    attestationFormat: format,
  };
}
