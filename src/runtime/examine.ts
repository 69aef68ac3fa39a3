import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type BetterSqlite from "better-sqlite3";
import type { Config } from "../config.ts";
import { openMacRoot } from "../crypto/keyring.ts";
import { createSealer } from "../crypto/sealer.ts";
import { openDurable } from "../store/engines/sqlite.ts";
import { hasPages } from "./load-pages.ts";
import { loadMasterKeys } from "./master-key.ts";
import { MIGRATIONS } from "./node-deps.ts";
import { masterKeyFileOf } from "./read-config.ts";

/** One thing that was looked at; `detail` is for a person and holds no secret. */
export type Check = Readonly<{ name: string; ok: boolean; detail: string }>;

type Result = Readonly<{ ok: boolean; detail: string }>;
type Database = BetterSqlite.Database;

const OTHERS_MASK = 0o077;
/** Audit rows may be this much ahead, in milliseconds: clocks are set back by seconds in normal running. */
const CLOCK_SLACK_MS = 60_000;

/** Looks at everything the service rests on and changes nothing. A check that cannot be made counts as failed. */
export function examine(config: Config, nowMs: number): readonly Check[] {
  const general = [
    attempt("node", () => well(process.versions.node)),
    attempt("data folder", () => folder(config.dataDir)),
    attempt("master key", () => masterKey(config)),
    attempt("web pages", () => (hasPages() ? well("built") : wrong("not built: run npm run build"))),
  ];
  return [...general, ...examineDatabase(config, nowMs)];
}

function examineDatabase(config: Config, nowMs: number): readonly Check[] {
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
      attempt("key fits database", () => keyFits(open(), config)),
      attempt("clock", () => clock(open(), nowMs)),
    ];
  } finally {
    db?.close();
  }
}

function attempt(name: string, look: () => Result): Check {
  try {
    return { name, ...look() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    return { name, ...wrong(`cannot be checked: ${error instanceof Error ? error.name : typeof error}${code}`) };
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
  const journal = JSON.parse(readFileSync(join(MIGRATIONS, "meta/_journal.json"), "utf8")) as { entries: unknown[] };
  const applied = db.prepare("select count(*) from __drizzle_migrations").pluck().get();
  const detail = `${applied} of ${journal.entries.length} applied`;
  return applied === journal.entries.length ? well(detail) : wrong(detail);
}

function keyFits(db: Database, { dataDir, masterKey: envKey, masterKeyFile: envFile }: Config): Result {
  if (envKey === undefined && envFile === undefined && !existsSync(masterKeyFileOf({ dataDir }))) {
    return wrong("there is no master key");
  }
  const { keys } = loadMasterKeys({ dataDir, envKey, envFile });
  const sealed = db.prepare("select sealed from system_keys where kind = 'mac_root'").pluck().get();
  openMacRoot(createSealer(keys), String(sealed));
  return well(`${keys.primary.id} in use, ${keys.others.length} older`);
}

/** A clock that went back would accept codes a second time, had they not been burnt; and expiry counts on it. */
function clock(db: Database, nowMs: number): Result {
  const newest = db.prepare("select at_ms from audit_events order by id desc limit 1").pluck().get();
  const isBehind = typeof newest === "number" && newest > nowMs + CLOCK_SLACK_MS;
  return isBehind ? wrong("behind the newest audit event: set the system's time") : well(new Date(nowMs).toISOString());
}

function well(detail: string): Result {
  return { ok: true, detail };
}

function wrong(detail: string): Result {
  return { ok: false, detail };
}
