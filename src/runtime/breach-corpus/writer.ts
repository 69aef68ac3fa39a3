import { bucketOf, ENTRIES, HASH_BYTES, TAILS, toCountCode } from "./format.ts";
import { openPartFile } from "./part-file.ts";
import type { TakeRow } from "./read-rows.ts";

/** The directory while it grows: ends of the buckets, and the checksums of each file. */
export type Arrays = Readonly<{
  ends: Uint32Array<ArrayBuffer>;
  entries: Uint32Array<ArrayBuffer>;
  tails: Uint32Array<ArrayBuffer>;
}>;

/** What has been written. */
export type WriterState = Readonly<{
  records: number;
  /** The last hash in hexadecimal; empty before the first. */
  lastHash: string;
  /** The checksums of the buckets under way. */
  open: readonly [number, number];
}>;

export type CorpusWriter = Readonly<{
  take: TakeRow;
  records: () => number;
  /** Puts everything so far on disk, and says what that is. The arrays are up to date with it. */
  sync: () => WriterState;
  finish: (about: Readonly<{ buildId: string; builtAtMs: number }>) => void;
  close: () => void;
}>;

export type WriterOptions = Readonly<{
  entriesPath: string;
  tailsPath: string | undefined;
  bucketBits: number;
  arrays: Arrays;
  state: WriterState;
}>;

export const NOTHING_WRITTEN: WriterState = { records: 0, lastHash: "", open: [0, 0] };

/** Writes hashes in their order into the files of a corpus, from where the state says. */
export function openCorpusWriter({ entriesPath, tailsPath, bucketBits, arrays, state }: WriterOptions): CorpusWriter {
  let { records } = state;
  const [openEntries, openTails] = state.open;
  const entries = openPartFile(entriesPath, ENTRIES, { records, checksums: arrays.entries, open: openEntries });
  const tails =
    tailsPath === undefined
      ? undefined
      : openPartFile(tailsPath, TAILS, { records, checksums: arrays.tails, open: openTails });
  const before = new Uint8Array(HASH_BYTES);
  before.set(Buffer.from(state.lastHash, "hex"));
  let bucket = bucketOf(before, bucketBits);
  const closeBucketsUpTo = (next: number) => {
    for (; bucket < next; bucket += 1) {
      arrays.ends[bucket] = records;
      entries.closeBucket(bucket);
      tails?.closeBucket(bucket);
    }
  };
  return {
    records: () => records,
    take: (hash, count) => {
      if (records > 0 && !isAfter(hash, before)) return false;
      before.set(hash);
      const own = bucketOf(hash, bucketBits);
      if (own !== bucket) closeBucketsUpTo(own);
      records += 1;
      entries.append(hash, toCountCode(count));
      tails?.append(hash);
      return true;
    },
    sync: () => {
      const open = [entries.sync(), tails?.sync() ?? 0] as const;
      return { records, lastHash: records === 0 ? "" : Buffer.from(before).toString("hex"), open };
    },
    finish: (about) => {
      closeBucketsUpTo(2 ** bucketBits);
      const header = { ...about, hashes: records, bucketBits };
      tails?.finish(header, arrays.ends);
      entries.finish(header, arrays.ends);
    },
    close: () => {
      entries.close();
      tails?.close();
    },
  };
}

function isAfter(hash: Uint8Array, before: Uint8Array): boolean {
  for (let index = 0; index < HASH_BYTES; index += 1) {
    const difference = (hash[index] ?? 0) - (before[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
