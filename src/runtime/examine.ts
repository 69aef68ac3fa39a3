import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type BetterSqlite from "better-sqlite3";
import type { Config } from "../config.ts";
import { ConfigError } from "../domain/config-error.ts";
import { openDurable } from "../store/engines/sqlite.ts";
import { openCorpus } from "./breach-corpus/open.ts";
import { attempt, type Check, type Result, well, wrong } from "./check.ts";
import { clockFits, keyFits } from "./examine-keys.ts";
import { examinePostgres } from "./examine-postgres.ts";
import { hasPages } from "./load-pages.ts";
import { MIGRATIONS } from "./migrations.ts";
import { corpusPath } from "./open-breaches.ts";
import { masterKeyFileOf } from "./read-config.ts";

type Database = BetterSqlite.Database;

const OTHERS_MASK = 0o077;

/** Looks at everything the service rests on and changes nothing. A check that cannot be made counts as failed. */
export async function examine(config: Config, nowMs: number): Promise<readonly Check[]> {
  const general = [
    attempt("node", () => well(process.versions.node)),
    attempt("data folder", () => folder(config.dataDir)),
    attempt("master key", () => masterKey(config)),
    attempt("web pages", () => (hasPages() ? well("built") : wrong("not built: run npm run build"))),
  ];
  const breaches = await breachCorpus(config, nowMs);
  const { postgresUrl } = config;
  const isFile = postgresUrl === undefined;
  return [
    ...general,
    breaches,
    ...(isFile ? examineFile(config, nowMs) : await examinePostgres(config, postgresUrl, nowMs)),
  ];
}

function examineFile(config: Config, nowMs: number): readonly Check[] {
  const { databasePath } = config;
  if (!existsSync(databasePath)) return [{ name: "database", ...wrong("not there yet: run countersign migrate") }];
  let db: Database | undefined;
  const open = () => {
    db ??= openDurable(databasePath);
    return db;
  };
  try {
    return [
      attempt("database", () => permissions(databasePath)),
      attempt("durability", () => durability(open())),
      attempt("writable", () => writable(open())),
      attempt("integrity", () => integrity(open())),
      attempt("migrations", () => migrations(open())),
      attempt("key fits database", () => keyFits(sealedMacRoot(open()), config)),
      attempt("clock", () => clockFits(newestEventMs(open()), nowMs)),
    ];
  } finally {
    db?.close();
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** The public corpus grows about every month. */
const STALE_DAYS = 180;

async function breachCorpus(config: Config, nowMs: number): Promise<Check> {
  const name = "breached passwords";
  const path = corpusPath(config);
  if (config.breachCorpus === undefined && !existsSync(path)) {
    const detail =
      config.breachUrl === undefined ? "a small list only: see countersign passwords build" : "asked elsewhere";
    return { name, ...well(detail) };
  }
  try {
    const corpus = await openCorpus(path);
    await corpus.close();
    const days = Math.floor((nowMs - corpus.builtAtMs) / DAY_MS);
    const detail = `${corpus.hashes} hashes, ${days} days old`;
    return { name, ...(days > STALE_DAYS ? wrong(`${detail}: build a new corpus`) : well(detail)) };
  } catch (error) {
    return { name, ...wrong(error instanceof ConfigError ? error.message : "the corpus cannot be read") };
  }
}

function folder(path: string): Result {
  if (!existsSync(path)) return wrong("not there yet: run countersign migrate");
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  return permissions(path);
}

function permissions(path: string): Result {
  // Windows reports no such permissions.
  const isOpen = process.platform !== "win32" && (statSync(path).mode & OTHERS_MASK) !== 0;
  const isCovered = isOpen && statSync(path).isFile() && permissions(dirname(path)).ok;
  return isOpen && !isCovered ? wrong(`${path} is open to other users`) : well(path);
}

function masterKey(config: Config): Result {
  if (config.masterKey !== undefined) return well("in COUNTERSIGN_MASTER_KEY");
  const file = masterKeyFileOf(config);
  return existsSync(file) ? permissions(file) : wrong("not there yet: run countersign migrate");
}

function durability(db: Database): Result {
  const mode = db.pragma("journal_mode", { simple: true });
  const synchronous = db.pragma("synchronous", { simple: true });
  const detail = `journal_mode ${mode}, synchronous ${synchronous}`;
  return mode === "wal" && synchronous === 2 ? well(detail) : wrong(detail);
}

/** Takes the write lock and gives it back. */
function writable(db: Database): Result {
  db.exec("begin immediate; rollback");
  return well("yes");
}

function integrity(db: Database): Result {
  const found = String(db.pragma("quick_check", { simple: true }));
  return found === "ok" ? well("quick_check ok") : wrong("quick_check found damage: restore a backup");
}

function migrations(db: Database): Result {
  // Written by drizzle-kit.
  const journal = JSON.parse(readFileSync(join(MIGRATIONS.sqlite, "meta/_journal.json"), "utf8")) as {
    entries: unknown[];
  };
  const applied = db.prepare("select count(*) from __drizzle_migrations").pluck().get();
  const detail = `${applied} of ${journal.entries.length} applied`;
  return applied === journal.entries.length ? well(detail) : wrong(detail);
}

function sealedMacRoot(db: Database): string {
  return String(db.prepare("select sealed from system_keys where kind = 'mac_root'").pluck().get());
}

function newestEventMs(db: Database): unknown {
  return db.prepare("select at_ms from audit_events order by id desc limit 1").pluck().get();
}
