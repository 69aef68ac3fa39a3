/**
 * The breach corpus on disk, version 1: two files of the same shape.
 *
 * `<name>` holds 7 bytes a hash: bytes 2 to 7 of its SHA-1, and a code for how often it was seen. `<name>.tails` holds
 * bytes 8 to 19, which only whole hashes need: the range protocol, and look-ups without any false positive. Both keep
 * the order of the hashes.
 *
 * A header of 128 bytes, the records, and a directory: for every bucket (hashes that share their first 16 or 20 bits)
 * the number of records up to its end and the CRC-32 of its records, as unsigned 32-bit numbers. All numbers are
 * little-endian. The header holds the SHA-256 of the directory and of itself.
 */
import { createHash } from "node:crypto";

export const HASH_BYTES = 20;
export const HEADER_BYTES = 128;
export const BUCKET_ROW_BYTES = 8;
/** Where a record of each file starts in the hash, and how much of it the record holds. */
export const ENTRIES = { kind: 1, from: 2, to: 8, recordBytes: 7 } as const;
export const TAILS = { kind: 2, from: 8, to: 20, recordBytes: 12 } as const;

export type FileKind = typeof ENTRIES | typeof TAILS;

const MAGIC = "CSBREACH";
const VERSION = 1;
const DIGEST_BYTES = 32;

/** Beyond this many hashes buckets are those of the range protocol: 20 bits. */
const FINE_FROM = 16_000_000;

export type Header = Readonly<{
  kind: number;
  hashes: number;
  bucketBits: number;
  recordBytes: number;
  /** 32 hexadecimal digits: what both files of one corpus share. */
  buildId: string;
  builtAtMs: number;
}>;

/** Few hashes in many buckets would spend more on the directory than on the hashes. */
export function bucketBitsFor(hashes: number): 16 | 20 {
  return hashes < FINE_FROM ? 16 : 20;
}

/** Where a hash belongs, by its first bits. */
export function bucketOf(hash: Uint8Array, bucketBits: number): number {
  const first = ((hash[0] ?? 0) << 12) | ((hash[1] ?? 0) << 4) | ((hash[2] ?? 0) >> 4);
  return first >> (20 - bucketBits);
}

/** How large a whole file is. */
export function fileBytes({
  hashes,
  recordBytes,
  bucketBits,
}: Pick<Header, "hashes" | "recordBytes" | "bucketBits">): number {
  return HEADER_BYTES + hashes * recordBytes + 2 ** bucketBits * BUCKET_ROW_BYTES;
}

export function encodeHeader(header: Header, directory: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, 0, "latin1");
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(header.kind, 12);
  bytes.writeBigUInt64LE(BigInt(header.hashes), 16);
  bytes.writeUInt32LE(header.bucketBits, 24);
  bytes.writeUInt32LE(header.recordBytes, 28);
  bytes.write(header.buildId, 32, "hex");
  bytes.writeBigUInt64LE(BigInt(header.builtAtMs), 48);
  bytes.writeBigUInt64LE(BigInt(fileBytes(header)), 56);
  bytes.set(sha256(directory), 64);
  bytes.set(sha256(bytes.subarray(0, HEADER_BYTES - DIGEST_BYTES)), HEADER_BYTES - DIGEST_BYTES);
  return bytes;
}

/** The header of a file of this kind and version, or what is wrong with it. */
export function decodeHeader(
  bytes: Buffer,
  kind: FileKind,
): Readonly<{ header: Header; directoryDigest: Buffer }> | string {
  if (bytes.length < HEADER_BYTES || bytes.toString("latin1", 0, 8) !== MAGIC) return "is not a breach corpus";
  const version = bytes.readUInt32LE(8);
  if (version !== VERSION) return `has version ${version} of the format; this program reads version ${VERSION}`;
  const signed = HEADER_BYTES - DIGEST_BYTES;
  if (!sha256(bytes.subarray(0, signed)).equals(bytes.subarray(signed, HEADER_BYTES))) return "has an altered header";
  const header = {
    kind: bytes.readUInt32LE(12),
    hashes: Number(bytes.readBigUInt64LE(16)),
    bucketBits: bytes.readUInt32LE(24),
    recordBytes: bytes.readUInt32LE(28),
    buildId: bytes.toString("hex", 32, 48),
    builtAtMs: Number(bytes.readBigUInt64LE(48)),
  };
  if (header.kind !== kind.kind || header.recordBytes !== kind.recordBytes) return "is not the file that it should be";
  return { header, directoryDigest: bytes.subarray(64, 64 + DIGEST_BYTES) };
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

const EXACT_COUNTS = 64;
const CODES_A_DOUBLING = 8;
const LAST_CODE = 255;

/**
 * One byte for how often a password was seen: 0 is not known, 1 to 63 exact, above that the largest of eight steps a
 * doubling that does not exceed it (at most 9 % below the true count; 982 million and more are one).
 */
export function toCountCode(count: number): number {
  if (count < EXACT_COUNTS) return count;
  const code = EXACT_COUNTS + Math.floor(Math.log2(count / EXACT_COUNTS) * CODES_A_DOUBLING + 1e-9);
  return Math.min(LAST_CODE, code);
}

const COUNTS = Array.from({ length: LAST_CODE + 1 }, (_, code) =>
  code < EXACT_COUNTS ? code : Math.ceil(EXACT_COUNTS * 2 ** ((code - EXACT_COUNTS) / CODES_A_DOUBLING) - 1e-6),
);

/** The least count that a code stands for; 0 when it is not known. */
export function fromCountCode(code: number): number {
  return COUNTS[code] ?? 0;
}
