import { randomBytes } from "node:crypto";
import { closeSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { ConfigError } from "../../domain/config-error.ts";
import { bucketBitsFor, ENTRIES, type FileKind, fileBytes, HEADER_BYTES, TAILS } from "./format.ts";
import { type BuildState, loadProgress, type Place, saveProgress } from "./progress-file.ts";
import { createRowReader, RowError } from "./read-rows.ts";
import type { Source, SourceFile } from "./source.ts";
import { type Arrays, type CorpusWriter, NOTHING_WRITTEN, openCorpusWriter } from "./writer.ts";

export type BuildOptions = Readonly<{
  source: Source;
  /** The corpus; its tails are beside it, with `.tails` added. */
  path: string;
  hasTails: boolean;
  nowMs: number;
  /** Called every few megabytes, and with the first call before anything is read. */
  onProgress?: (progress: BuildProgress) => void;
  /** Stops between two pieces; what is done stays for the next run. */
  signal?: AbortSignal;
  /** Bytes of input between two savings of where it stands. */
  saveEveryBytes?: number;
}>;

export type BuildProgress = Readonly<{ doneBytes: number; totalBytes: number; hashes: number }>;
export type BuildResult = Readonly<{ hashes: number; bytes: number; tailBytes: number; isResumed: boolean }>;

const PIECE_BYTES = 4 << 20;
const SAVE_EVERY_BYTES = 1 << 30;
const BYTES_A_ROW = 44;

/**
 * Makes a corpus out of sorted hashes in one pass: 4 MB of input and the directory are all that is in memory. A run
 * that was stopped goes on where it last noted its place. The files get their names when they are whole. Throws
 * ConfigError when the input is not as it should be, naming the file and the row.
 */
export async function buildCorpus(options: BuildOptions): Promise<BuildResult | "stopped"> {
  const build = startBuild(options);
  try {
    if (await readAll(build, options)) return finish(build, options);
    save(build, options.path);
    return "stopped";
  } finally {
    build.writer.close();
  }
}

type Build = {
  readonly state: Omit<BuildState, "place" | "written">;
  readonly arrays: Arrays;
  readonly writer: CorpusWriter;
  readonly isResumed: boolean;
  place: Place;
};

function startBuild({ source, path, hasTails }: BuildOptions): Build {
  const bucketBits = bucketBitsFor(source.bytes / BYTES_A_ROW);
  const found = loadProgress(progressOf(path), { source: source.id, hasTails, bucketBits });
  const saved = found && arePartsThere(path, found.state) ? found : undefined;
  const arrays = saved?.arrays ?? emptyArrays(bucketBits);
  const writer = openCorpusWriter({
    entriesPath: `${path}.part`,
    tailsPath: hasTails ? `${path}.tails.part` : undefined,
    bucketBits,
    arrays,
    state: saved?.state.written ?? NOTHING_WRITTEN,
  });
  const buildId = saved?.state.buildId ?? randomBytes(16).toString("hex");
  return {
    state: { source: source.id, hasTails, bucketBits, buildId },
    arrays,
    writer,
    isResumed: saved !== undefined,
    place: saved?.state.place ?? { file: 0, offset: 0, rows: 0 },
  };
}

const progressOf = (path: string) => `${path}.progress`;

function save({ state, arrays, writer, place }: Build, path: string): void {
  const written = writer.sync();
  saveProgress(progressOf(path), { ...state, place, written }, arrays);
}

/** The tails get their name first: beside them the corpus of another build is refused, never half believed. */
function finish({ state, writer, isResumed }: Build, { path, nowMs }: BuildOptions): BuildResult {
  const { buildId, hasTails, bucketBits } = state;
  if (writer.records() === 0) throw new ConfigError("--from holds no hashes.");
  writer.finish({ buildId, builtAtMs: nowMs });
  if (hasTails) renameSync(`${path}.tails.part`, `${path}.tails`);
  else rmSync(`${path}.tails`, { force: true });
  renameSync(`${path}.part`, path);
  rmSync(progressOf(path), { force: true });
  const hashes = writer.records();
  const bytesOf = ({ recordBytes }: FileKind) => fileBytes({ hashes, recordBytes, bucketBits });
  return { hashes, bytes: bytesOf(ENTRIES), tailBytes: hasTails ? bytesOf(TAILS) : 0, isResumed };
}

/** Whether the files hold at least what was noted; more is cut off. */
function arePartsThere(path: string, { written, hasTails }: BuildState): boolean {
  const holds = (name: string, { recordBytes }: FileKind) =>
    (statSync(name, { throwIfNoEntry: false })?.size ?? 0) >= HEADER_BYTES + written.records * recordBytes;
  return holds(`${path}.part`, ENTRIES) && (!hasTails || holds(`${path}.tails.part`, TAILS));
}

function emptyArrays(bucketBits: number): Arrays {
  const array = () => new Uint32Array(2 ** bucketBits);
  return { ends: array(), entries: array(), tails: array() };
}

/** Reads from the place on; false when it was stopped. */
async function readAll(build: Build, options: BuildOptions): Promise<boolean> {
  const { source, path, onProgress, signal, saveEveryBytes = SAVE_EVERY_BYTES } = options;
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let doneBytes = source.bytesBefore(build.place.file) + build.place.offset;
  let savedBytes = doneBytes;
  let toldBytes = Number.NEGATIVE_INFINITY;
  const tell = () => onProgress?.({ doneBytes, totalBytes: source.bytes, hashes: build.writer.records() });
  for (let file = source.file(build.place.file); file !== undefined; file = source.file(build.place.file)) {
    for (const read of piecesOf(build, file, buffer)) {
      doneBytes += read;
      if (doneBytes - toldBytes < PIECE_BYTES) continue;
      tell();
      toldBytes = doneBytes;
      await setImmediate();
      if (signal?.aborted) return false;
      if (doneBytes - savedBytes < saveEveryBytes) continue;
      save(build, path);
      savedBytes = doneBytes;
    }
    build.place = { file: build.place.file + 1, offset: 0, rows: 0 };
  }
  tell();
  return true;
}

/** Reads one file piece by piece; every piece ends with a whole row, and `place` says where. */
function* piecesOf(build: Build, file: SourceFile, buffer: Buffer): Generator<number> {
  const handle = openSync(file.path, "r");
  const reader = createRowReader(build.writer.take, file.prefix, build.place.rows);
  try {
    for (let isLast = false; !isLast; ) {
      const { offset } = build.place;
      const read = readSync(handle, buffer, 0, buffer.length, offset);
      isLast = read === 0 || offset + read >= file.bytes;
      const used = reader.read(buffer.subarray(0, read), isLast);
      if (used === 0 && !isLast) throw new RowError("is longer than any row", reader.rows() + 1);
      build.place = { ...build.place, offset: offset + used, rows: reader.rows() };
      yield used;
    }
  } catch (error) {
    if (error instanceof RowError) throw new ConfigError(`Row ${error.row} of ${file.path} ${error.message}.`);
    throw error;
  } finally {
    closeSync(handle);
  }
}
