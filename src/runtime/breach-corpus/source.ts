import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ConfigError } from "../../domain/config-error.ts";

/** One file to read: whole hashes, or those behind a prefix of five digits. */
export type SourceFile = Readonly<{ path: string; prefix: string; bytes: number }>;

/** What a corpus is made from, in the order of the hashes. */
export type Source = Readonly<{
  /** Names the source and its state, so that a build is not continued with another. */
  id: string;
  files: readonly SourceFile[];
  bytes: number;
  /** Prefixes that a folder of range files lacks: all of their passwords would seem clear. */
  missing: number;
}>;

const PREFIXES = 2 ** 20;
const RANGE_FILE = /^([0-9a-f]{5})(\.txt)?$/i;

/** A folder of range files (`21BD1` or `21BD1.txt`), one range file, or one sorted list. Throws ConfigError. */
export function openSource(path: string): Source {
  const absolute = resolve(path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (!stat) throw new ConfigError("--from names nothing that exists.");
  const files = stat.isDirectory() ? rangeFilesIn(absolute) : [sourceFile(absolute)];
  if (files.length === 0) throw new ConfigError("--from names a folder without range files (21BD1 or 21BD1.txt).");
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    id: `${absolute} ${files.length} ${bytes} ${stat.isDirectory() ? "" : stat.mtimeMs}`,
    files,
    bytes,
    missing: files[0]?.prefix === "" ? 0 : PREFIXES - files.length,
  };
}

function rangeFilesIn(folder: string): readonly SourceFile[] {
  const files = readdirSync(folder)
    .filter((name) => RANGE_FILE.test(name))
    .map((name) => sourceFile(join(folder, name)))
    .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  const twice = files.find(({ prefix }, index) => prefix === files[index + 1]?.prefix);
  if (twice) throw new ConfigError(`The range ${twice.prefix} is in the folder twice.`);
  return files;
}

function sourceFile(path: string): SourceFile {
  const prefix = RANGE_FILE.exec(basename(path))?.[1]?.toUpperCase() ?? "";
  return { path, prefix, bytes: statSync(path).size };
}
