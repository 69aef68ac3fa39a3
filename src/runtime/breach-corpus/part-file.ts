import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { BUCKET_ROW_BYTES, encodeHeader, type FileKind, HEADER_BYTES, type Header } from "./format.ts";

const BUFFER_BYTES = 1 << 20;

/** One file of a corpus while it is made: records go in at the end, buckets are closed in order. */
export type PartFile = Readonly<{
  /** Adds the record's bytes; `last` is one byte more behind them. */
  append: (hash: Uint8Array, last?: number) => void;
  /** The bucket is complete: its checksum goes into the directory. */
  closeBucket: (bucket: number) => void;
  /** Puts everything so far on disk; answers with the checksum of the bucket under way. */
  sync: () => number;
  /** Writes directory and header; `ends` are the numbers of records up to each bucket's end. */
  finish: (header: Omit<Header, "kind" | "recordBytes">, ends: Uint32Array) => void;
  close: () => void;
}>;

export type PartState = Readonly<{ records: number; checksums: Uint32Array<ArrayBuffer>; open: number }>;

/** Opens the file and cuts it to what the state says. */
export function openPartFile(path: string, kind: FileKind, { records, checksums, open }: PartState): PartFile {
  const file = openSync(path, records === 0 ? "w" : "r+", 0o600);
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let filled = 0;
  let bucketStart = 0;
  let written = HEADER_BYTES + records * kind.recordBytes;
  let checksum = open;
  ftruncateSync(file, written);

  const digest = () => {
    checksum = crc32(buffer.subarray(bucketStart, filled), checksum);
    bucketStart = filled;
  };
  const flush = () => {
    digest();
    writeAll(file, buffer.subarray(0, filled), written);
    written += filled;
    filled = 0;
    bucketStart = 0;
  };
  const directoryOf = (ends: Uint32Array) => {
    const directory = Buffer.alloc(ends.length * BUCKET_ROW_BYTES);
    ends.forEach((end, bucket) => {
      directory.writeUInt32LE(end, bucket * BUCKET_ROW_BYTES);
      directory.writeUInt32LE(checksums[bucket] ?? 0, bucket * BUCKET_ROW_BYTES + 4);
    });
    return directory;
  };
  return {
    append: (hash, last) => {
      if (filled + kind.recordBytes > BUFFER_BYTES) flush();
      for (let index = kind.from; index < kind.to; index += 1) buffer[filled++] = hash[index] ?? 0;
      if (last !== undefined) buffer[filled++] = last;
    },
    closeBucket: (bucket) => {
      digest();
      checksums[bucket] = checksum;
      checksum = 0;
    },
    sync: () => {
      flush();
      fsyncSync(file);
      return checksum;
    },
    finish: (about, ends) => {
      flush();
      const directory = directoryOf(ends);
      writeAll(file, directory, written);
      writeAll(file, encodeHeader({ ...about, kind: kind.kind, recordBytes: kind.recordBytes }, directory), 0);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
