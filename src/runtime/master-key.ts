import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  formatMasterKeyFile,
  newMasterKey,
  type ParsedMasterKeys,
  parseMasterKeyFile,
  parseMasterKeyText,
} from "../crypto/master-key.ts";
import { ConfigError } from "../domain/config-error.ts";
import type { MasterKeys } from "../ports/keyring.ts";

const OWNER_ONLY = 0o600;
const OTHERS_MASK = 0o077;

export type MasterKeySource = Readonly<{
  dataDir: string;
  /** The value of COUNTERSIGN_MASTER_KEY. */
  envKey?: string | undefined;
  /** The value of COUNTERSIGN_MASTER_KEY_FILE. */
  envFile?: string | undefined;
}>;

/** `file` is where the keys came from (none: the environment), `created` whether this call made it. */
export type LoadedMasterKeys = Readonly<{ keys: MasterKeys; file?: string; created: boolean }>;

/**
 * The master keys from the environment, from the file it names, or else from `<dataDir>/master.key`. Only the last is
 * created when it is missing: a file that was named and is not there is a mistake, not a first run. Throws ConfigError.
 */
export function loadMasterKeys({ dataDir, envKey, envFile }: MasterKeySource): LoadedMasterKeys {
  if (envKey !== undefined && envFile !== undefined) {
    throw new ConfigError("Set either COUNTERSIGN_MASTER_KEY or COUNTERSIGN_MASTER_KEY_FILE, not both.");
  }
  if (envKey !== undefined)
    return { keys: accept(parseMasterKeyText(envKey), "COUNTERSIGN_MASTER_KEY"), created: false };
  if (envFile !== undefined) return { keys: readMasterKeys(envFile), file: envFile, created: false };
  const file = join(dataDir, "master.key");
  const created = createMissing(file);
  return { keys: readMasterKeys(file), file, created };
}

/** The keys in a file that only its owner can read; throws ConfigError when it is missing, open to others or malformed. */
export function readMasterKeys(file: string): MasterKeys {
  return accept(parseMasterKeyFile(readPrivate(file)), `The master key file ${file}`);
}

/** Replaces the file in one step, for its owner alone: a crash leaves either the old or the new keys, never a part. */
export function writeMasterKeys(file: string, keys: MasterKeys): void {
  const draft = writeDraft(file, keys);
  try {
    renameSync(draft, file);
  } catch (error) {
    unlinkSync(draft);
    throw error;
  }
  syncDirectory(file);
}

/** Linking, unlike renaming, never replaces: of two first starts at once one wins, and both then read the same key. */
function createMissing(file: string): boolean {
  if (exists(file)) return false;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = writeDraft(file, { primary: newMasterKey(), others: [] });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return false;
  } finally {
    unlinkSync(draft);
  }
  syncDirectory(file);
  return true;
}

function exists(file: string): boolean {
  try {
    closeSync(openSync(file, "r"));
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw unreadable(file, error);
  }
}

/** Looks at the permissions of the very file it then reads, not of whatever the name points to a moment later. */
function readPrivate(file: string): string {
  const descriptor = openPrivate(file);
  try {
    const { mode } = fstatSync(descriptor);
    // Windows reports no such permissions.
    if (process.platform !== "win32" && (mode & OTHERS_MASK) !== 0) {
      throw new ConfigError(`The master key file ${file} is open to other users: run chmod 600 on it.`);
    }
    return readFileSync(descriptor, "utf8");
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(file, error);
  } finally {
    closeSync(descriptor);
  }
}

function openPrivate(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): ConfigError {
  const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return new ConfigError(`The master key file ${file} cannot be read (${reason}).`);
}

/** A finished file next to the target, on disk before anything points to it. */
function writeDraft(file: string, keys: MasterKeys): string {
  const draft = `${file}.${randomBytes(8).toString("hex")}.tmp`;
  const descriptor = openSync(draft, "wx", OWNER_ONLY);
  try {
    fchmodSync(descriptor, OWNER_ONLY);
    writeFileSync(descriptor, formatMasterKeyFile(keys));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return draft;
}

/** Makes the new name itself survive a power cut. */
function syncDirectory(file: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(dirname(file), "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function accept(parsed: ParsedMasterKeys, origin: string): MasterKeys {
  if (!parsed.ok) throw new ConfigError(`${origin} is malformed: ${parsed.problem}.`);
  return parsed.keys;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
