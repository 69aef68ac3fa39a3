import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ConfigError } from "../../domain/config-error.ts";

/** One file to read: whole hashes, or those behind a prefix of five digits. */
export type SourceFile = Readonly<{ path: string; prefix: string; bytes: number }>;

/** What a corpus is made from, in the order of the hashes. */
export type Source = Readonly<{
  /** Names the source and its state, so that a build is not continued with another. */
  id: string;
  /** The file of a number; undefined behind the last. A million of them are not held as a million objects. */
  file: (index: number) => SourceFile | undefined;
  bytes: number;
  /** How many bytes the files before that number have. */
  bytesBefore: (index: number) => number;
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
  if (stat.isDirectory()) return openFolder(absolute);
  const file: SourceFile = { path: absolute, prefix: prefixOf(basename(absolute)), bytes: stat.size };
  return {
    id: `${absolute} ${stat.size} ${stat.mtimeMs}`,
    file: (index) => (index === 0 ? file : undefined),
    bytes: stat.size,
    bytesBefore: (index) => (index === 0 ? 0 : stat.size),
    missing: file.prefix === "" ? 0 : PREFIXES - 1,
  };
}

function openFolder(folder: string): Source {
  const names = readdirSync(folder).filter((name) => RANGE_FILE.test(name));
  if (names.length === 0) throw new ConfigError("--from names a folder without range files (21BD1 or 21BD1.txt).");
  names.sort((a, b) => (prefixOf(a) < prefixOf(b) ? -1 : 1));
  const twice = names.find((name, index) => index > 0 && prefixOf(name) === prefixOf(names[index - 1] ?? ""));
  if (twice !== undefined) throw new ConfigError(`The range ${prefixOf(twice)} is in the folder twice.`);
  const ends = new Float64Array(names.length);
  let bytes = 0;
  for (const [index, name] of names.entries()) {
    bytes += statSync(join(folder, name)).size;
    ends[index] = bytes;
  }
  const bytesBefore = (index: number) => (index === 0 ? 0 : (ends[index - 1] ?? bytes));
  return {
    id: `${folder} ${names.length} ${bytes}`,
    file: (index) => {
      const name = names[index];
      if (name === undefined) return undefined;
      return { path: join(folder, name), prefix: prefixOf(name), bytes: (ends[index] ?? 0) - bytesBefore(index) };
    },
    bytes,
    bytesBefore,
    missing: PREFIXES - names.length,
  };
}

/** The prefix that a range file is named by, in capitals; empty for any other name. */
function prefixOf(name: string): string {
  return RANGE_FILE.test(name) ? name.slice(0, 5).toUpperCase() : "";
}
