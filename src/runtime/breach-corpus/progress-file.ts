import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { endianness } from "node:os";
import { sha256 } from "./format.ts";
import type { Arrays, WriterState } from "./writer.ts";

/** Where a build stands. */
export type BuildState = Readonly<{
  /** What it reads, so that it is not continued with something else. */
  source: string;
  bucketBits: number;
  hasTails: boolean;
  buildId: string;
  place: Place;
  written: WriterState;
}>;

/** The file of the source that is read next, and how many bytes and rows of it are done. */
export type Place = Readonly<{ file: number; offset: number; rows: number }>;

const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;

/** Replaces the file that says where a build stands, in one step. */
export function saveProgress(path: string, state: BuildState, { ends, entries, tails }: Arrays): void {
  const text = Buffer.from(JSON.stringify({ ...state, endianness: endianness() }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  const arrays = [ends, entries, tails].map(({ buffer }) => new Uint8Array(buffer));
  const bytes = Buffer.concat([length, text, ...arrays]);
  writeFileSync(`${path}.new`, Buffer.concat([sha256(bytes), bytes]), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** Where a build stopped, or undefined when there is none to go on with: nothing there, damaged, or of another source. */
export function loadProgress(
  path: string,
  wanted: Pick<BuildState, "source" | "bucketBits" | "hasTails">,
): Readonly<{ state: BuildState; arrays: Arrays }> | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const body = bytes.subarray(DIGEST_BYTES);
  if (bytes.length < DIGEST_BYTES + LENGTH_BYTES || !sha256(body).equals(bytes.subarray(0, DIGEST_BYTES)))
    return undefined;
  const textEnd = LENGTH_BYTES + body.readUInt32LE(0);
  // Our own file, whole according to its digest.
  const state = JSON.parse(body.toString("utf8", LENGTH_BYTES, textEnd)) as BuildState & { endianness: string };
  const isSame = (["source", "bucketBits", "hasTails"] as const).every((name) => state[name] === wanted[name]);
  if (!isSame || state.endianness !== endianness()) return undefined;
  const size = 2 ** state.bucketBits;
  const arrayAt = (index: number) => {
    const array = new Uint32Array(size);
    new Uint8Array(array.buffer).set(body.subarray(textEnd + index * size * 4, textEnd + (index + 1) * size * 4));
    return array;
  };
  return { state, arrays: { ends: arrayAt(0), entries: arrayAt(1), tails: arrayAt(2) } };
}
