import { existsSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { ConfigError } from "../../domain/config-error.ts";
import {
  BUCKET_ROW_BYTES,
  bucketOf,
  decodeHeader,
  ENTRIES,
  type FileKind,
  fileBytes,
  fromCountCode,
  HEADER_BYTES,
  type Header,
  sha256,
  TAILS,
} from "./format.ts";

/** A part of a file is not what was written: its checksum is another. */
export class DamagedCorpusError extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`The breach corpus ${file} is altered.`);
    this.name = "DamagedCorpusError";
    this.file = file;
  }
}

/** Hashes that share a prefix: whole ones, or without the tails only their first 64 bits. */
export type Bucket = Readonly<{ entries: Buffer; tails: Buffer | undefined; size: number }>;

export type Corpus = Readonly<{
  hashes: number;
  builtAtMs: number;
  buildId: string;
  /** Whether whole hashes are known: then look-ups have no false positives, and ranges can be served. */
  hasTails: boolean;
  /** How often the password of this SHA-1 was seen: undefined when it is not listed, 0 when it is not known how often. */
  countOf: (hash: Buffer) => Promise<number | undefined>;
  /** The bucket that holds a prefix of 20 bits, and perhaps its neighbours. */
  bucketOfPrefix: (prefix: number) => Promise<Bucket>;
  /** Reads everything; throws DamagedCorpusError for the first bucket that is altered. */
  verify: () => Promise<void>;
  close: () => Promise<void>;
}>;

/**
 * Opens a corpus, with its tails when they are there: 8 bytes a bucket (at most 8 MB a file) stay in memory, everything
 * else is read when it is asked for. Throws ConfigError, naming the file, when one is cut off, altered in its header or
 * directory, of another version, or not of the same build as the other.
 */
export async function openCorpus(path: string): Promise<Corpus> {
  const { entries, tails } = await openColumns(path);
  const { bucketBits, hashes, builtAtMs, buildId } = entries.header;
  const bucketAt = async (bucket: number): Promise<Bucket> => {
    const [own, rest] = await Promise.all([entries.read(bucket), tails?.read(bucket)]);
    return { entries: own, tails: rest, size: own.length / ENTRIES.recordBytes };
  };
  return {
    hashes,
    builtAtMs,
    buildId,
    hasTails: tails !== undefined,
    countOf: (hash) => countOf(hash, bucketOf(hash, bucketBits), { entries, tails }),
    bucketOfPrefix: (prefix) => bucketAt(prefix >> (20 - bucketBits)),
    verify: async () => {
      for (let bucket = 0; bucket < 2 ** bucketBits; bucket += 1) await bucketAt(bucket);
    },
    close: async () => {
      await Promise.all([entries.handle.close(), tails?.handle.close()]);
    },
  };
}

async function openColumns(path: string): Promise<Columns> {
  const entries = await openColumn(path, ENTRIES);
  let tails: Column | undefined;
  try {
    tails = existsSync(`${path}.tails`) ? await openColumn(`${path}.tails`, TAILS) : undefined;
    if (tails && tails.header.buildId !== entries.header.buildId)
      throw new ConfigError(`The breach corpus ${basename(path)} and its tails are of different builds.`);
    return { entries, tails };
  } catch (error) {
    await Promise.all([entries.handle.close(), tails?.handle.close()]);
    throw error;
  }
}

type Column = Readonly<{
  handle: FileHandle;
  header: Header;
  /** The records of one bucket; throws DamagedCorpusError when they are altered. */
  read: (bucket: number) => Promise<Buffer>;
}>;

async function openColumn(path: string, kind: FileKind): Promise<Column> {
  const name = basename(path);
  const refuse = (what: string) => new ConfigError(`The breach corpus ${name} ${what}.`);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw refuse("does not exist");
  const handle = await open(path, "r");
  try {
    const decoded = decodeHeader(await readExactly(handle, 0, Math.min(HEADER_BYTES, size)), kind);
    if (typeof decoded === "string") throw refuse(decoded);
    const { header, directoryDigest } = decoded;
    if (size !== fileBytes(header))
      throw refuse(size < fileBytes(header) ? "is cut off" : "has more than its own bytes");
    const directoryBytes = 2 ** header.bucketBits * BUCKET_ROW_BYTES;
    const directory = await readExactly(handle, size - directoryBytes, directoryBytes);
    if (!sha256(directory).equals(directoryDigest)) throw refuse("has an altered directory");
    return { handle, header, read: bucketReader({ handle, name, directory, recordBytes: kind.recordBytes }) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

type ColumnFile = Readonly<{ handle: FileHandle; name: string; directory: Buffer; recordBytes: number }>;

function bucketReader({ handle, name, directory, recordBytes }: ColumnFile): Column["read"] {
  return async (bucket) => {
    const row = bucket * BUCKET_ROW_BYTES;
    const start = bucket === 0 ? 0 : directory.readUInt32LE(row - BUCKET_ROW_BYTES);
    const end = directory.readUInt32LE(row);
    const records = await readExactly(handle, HEADER_BYTES + start * recordBytes, (end - start) * recordBytes);
    if (crc32(records) !== directory.readUInt32LE(row + 4)) throw new DamagedCorpusError(name);
    return records;
  };
}

/** Fewer bytes than asked for, when the file has become shorter; the checksum then tells. */
async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

type Columns = Readonly<{ entries: Column; tails: Column | undefined }>;

/** One read, and a second one when the first 64 bits fit and there are tails to compare the rest with. */
async function countOf(hash: Buffer, bucket: number, { entries, tails }: Columns): Promise<number | undefined> {
  const records = await entries.read(bucket);
  const key = hash.readUIntBE(ENTRIES.from, ENTRIES.to - ENTRIES.from);
  let index = firstNotBelow(records, key);
  if (!isKeyAt(records, index, key)) return undefined;
  const rest = await tails?.read(bucket);
  for (; isKeyAt(records, index, key); index += 1) {
    const start = index * TAILS.recordBytes;
    if (rest === undefined || rest.compare(hash, TAILS.from, TAILS.to, start, start + TAILS.recordBytes) === 0)
      return fromCountCode(records[(index + 1) * ENTRIES.recordBytes - 1] ?? 0);
  }
  return undefined;
}

function firstNotBelow(records: Buffer, key: number): number {
  let low = 0;
  let high = records.length / ENTRIES.recordBytes;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyAt(records, middle) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isKeyAt(records: Buffer, index: number, key: number): boolean {
  return (index + 1) * ENTRIES.recordBytes <= records.length && keyAt(records, index) === key;
}

function keyAt(records: Buffer, index: number): number {
  return records.readUIntBE(index * ENTRIES.recordBytes, ENTRIES.to - ENTRIES.from);
}
