import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import BetterSqlite from "better-sqlite3";
import { RefusedError } from "../command.ts";
import type { Hit, Search } from "./search.ts";

const CHUNK_BYTES = 4 * 1024 * 1024;
const SQLITE_MAGIC = "SQLite format 3\0";

export type PlacedHit = Hit & Readonly<{ place: string }>;

/** A private copy of a database: its files, byte for byte. */
export type DatabaseCopy = Readonly<{
  /** What is in its tables and in the bytes of its files. Also finds what is cut in two by the end of a page. */
  hits: (search: Search) => Generator<PlacedHit>;
  bytes: number;
  rows: number;
  remove: () => void;
}>;

/**
 * Copies a database with its write-ahead log into a private folder, at one moment of it, also while a service writes
 * there. Any other file, such as a dump of PostgreSQL, is copied as it is, and has bytes only.
 */
export function copyDatabase(path: string): DatabaseCopy {
  if (!existsSync(path)) throw new RefusedError("There is no database at this path.");
  const folder = mkdtempSync(join(tmpdir(), "countersign-audit-"));
  const copied = join(folder, basename(path));
  const isSqlite = startsWith(path, SQLITE_MAGIC);
  const copy = () => {
    for (const suffix of ["", "-wal", "-journal"]) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copied + suffix);
    }
  };
  const counts = { bytes: 0, rows: 0 };
  try {
    if (isSqlite) whileStill(path, copy);
    else copy();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    get bytes() {
      return counts.bytes;
    },
    get rows() {
      return counts.rows;
    },
    *hits(search) {
      Object.assign(counts, { bytes: 0, rows: 0 });
      for (const suffix of ["", "-wal", "-journal"]) {
        if (existsSync(copied + suffix)) yield* hitsInFile(copied + suffix, search, counts);
      }
      if (isSqlite) yield* hitsInTables(copied, search, counts);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** With a reader there, nothing newer than what it sees is moved into the database, and the log is not begun anew. */
function whileStill(path: string, copy: () => void): void {
  const client = new BetterSqlite(path, { readonly: true, timeout: 5000 });
  try {
    client.exec("begin");
    client.prepare("select count(*) from sqlite_master").get();
    copy();
  } finally {
    client.close();
  }
}

function* hitsInFile(path: string, search: Search, counts: { bytes: number }): Generator<PlacedHit> {
  const descriptor = openSync(path, "r");
  const buffer = Buffer.alloc(search.overlap + CHUNK_BYTES);
  const place = `bytes of ${basename(path)}`;
  try {
    let kept = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, kept, CHUNK_BYTES, null);
      if (read === 0) return;
      counts.bytes += read;
      for (const hit of search.hitsIn(buffer.subarray(0, kept + read))) yield { ...hit, place };
      const all = kept + read;
      kept = Math.min(search.overlap, all);
      buffer.copyWithin(0, all - kept, all);
    }
  } finally {
    closeSync(descriptor);
  }
}

function* hitsInTables(path: string, search: Search, counts: { rows: number }): Generator<PlacedHit> {
  const client = new BetterSqlite(path, { readonly: true });
  try {
    const names = client.prepare("select name from sqlite_master where type = 'table'").pluck().all().map(String);
    for (const name of names) {
      const rows = client.prepare(`select * from "${name.replaceAll('"', '""')}"`);
      for (const row of rows.iterate()) {
        counts.rows++;
        for (const [column, cell] of Object.entries(Object(row))) {
          const place = `${name}.${column}`;
          for (const hit of search.hitsIn(bytesOf(cell))) yield { ...hit, place };
        }
      }
    }
  } finally {
    client.close();
  }
}

function bytesOf(cell: unknown): Uint8Array {
  if (cell instanceof Uint8Array) return cell;
  return Buffer.from(cell === null ? "" : String(cell));
}

function startsWith(path: string, text: string): boolean {
  const descriptor = openSync(path, "r");
  const start = Buffer.alloc(text.length);
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return start.toString("latin1") === text;
}
