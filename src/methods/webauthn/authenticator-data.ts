import { isCborMap, readCbor } from "../../domain/cbor.ts";
import { type Bytes, sameBytes, toHex } from "../../domain/encoding.ts";
import type { RejectionReason } from "../../domain/evidence.ts";

/** Authenticator data taken apart (WebAuthn L3 §6.1); `credential` is there only in a registration. */
export type AuthenticatorData = Readonly<{
  rpIdHash: Bytes;
  userPresent: boolean;
  userVerified: boolean;
  backupEligible: boolean;
  backupState: boolean;
  signCount: number;
  credential: AttestedCredential | undefined;
}>;

/** The credential that a registration made (WebAuthn L3 §6.5.1). */
export type AttestedCredential = Readonly<{
  /** Lower case, with hyphens. */
  aaguid: string;
  id: Bytes;
  /** COSE_Key as the authenticator wrote it. */
  publicKey: Bytes;
}>;

const FLAG = { UP: 0x01, UV: 0x04, BE: 0x08, BS: 0x10, AT: 0x40, ED: 0x80 } as const;
const HEAD_BYTES = 37;

/**
 * Reads authenticator data (WebAuthn L3 §6.1). Undefined when they are short, when bytes are left over, or when the
 * key or the extensions that the flags announce are not exactly one CBOR map each. Extension outputs are not kept.
 */
export function readAuthenticatorData(bytes: Bytes): AuthenticatorData | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(32);
  const attested = flags & FLAG.AT ? readAttested(bytes, view) : { credential: undefined, end: HEAD_BYTES };
  if (attested === undefined) return undefined;
  const end = flags & FLAG.ED ? endOfMap(bytes, attested.end) : attested.end;
  if (end !== bytes.length) return undefined;
  return {
    rpIdHash: bytes.subarray(0, 32),
    userPresent: (flags & FLAG.UP) !== 0,
    userVerified: (flags & FLAG.UV) !== 0,
    backupEligible: (flags & FLAG.BE) !== 0,
    backupState: (flags & FLAG.BS) !== 0,
    signCount: view.getUint32(33),
    credential: attested.credential,
  };
}

type AuthenticatorDataExpectation = Readonly<{
  rpIdHash: Bytes;
  userVerification: "required" | "preferred";
}>;

/** Why the head of authenticator data is refused (WebAuthn L3 §7.1 steps 14 to 18, §7.2 steps 15 to 19). */
export function findHeadFault(
  data: AuthenticatorData,
  expected: AuthenticatorDataExpectation,
): RejectionReason | undefined {
  if (!sameBytes(data.rpIdHash, expected.rpIdHash)) return "wrong_rp_id";
  if (!data.userPresent) return "user_absent";
  if (expected.userVerification === "required" && !data.userVerified) return "user_unverified";
  return data.backupState && !data.backupEligible ? "backup_state_invalid" : undefined;
}

/** WebAuthn L3 §6.5.1: AAGUID (16), length of the id (2), id, COSE_Key. */
function readAttested(
  bytes: Bytes,
  view: DataView,
): Readonly<{ credential: AttestedCredential; end: number }> | undefined {
  const idStart = HEAD_BYTES + 18;
  if (bytes.length < idStart) return undefined;
  const keyStart = idStart + view.getUint16(idStart - 2);
  const end = keyStart < bytes.length ? endOfMap(bytes, keyStart) : undefined;
  if (end === undefined) return undefined;
  const credential = {
    aaguid: toUuid(bytes.subarray(HEAD_BYTES, HEAD_BYTES + 16)),
    id: bytes.subarray(idStart, keyStart),
    publicKey: bytes.subarray(keyStart, end),
  };
  return { credential, end };
}

function endOfMap(bytes: Bytes, start: number): number | undefined {
  const item = readCbor(bytes, start);
  return item !== undefined && isCborMap(item.value) ? item.end : undefined;
}

function toUuid(bytes: Uint8Array): string {
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
