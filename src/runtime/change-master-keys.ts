import { closeSync, openSync, unlinkSync } from "node:fs";
import { ConfigError } from "../domain/config-error.ts";
import type { MasterKeys } from "../ports/keyring.ts";
import { readMasterKeys, writeMasterKeys } from "./master-key.ts";

/**
 * Reads the master keys, changes them and writes them back, one change at a time: of two that overlapped, the later
 * would drop the key that the earlier had added. Throws ConfigError while another change is under way.
 */
export function changeMasterKeys(file: string, change: (keys: MasterKeys) => MasterKeys): MasterKeys {
  const lock = `${file}.lock`;
  takeLock(lock);
  try {
    const changed = change(readMasterKeys(file));
    writeMasterKeys(file, changed);
    return changed;
  } finally {
    unlinkSync(lock);
  }
}

function takeLock(lock: string): void {
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST") throw error;
    throw new ConfigError(`The master keys are being changed already; if no other rotation runs, remove ${lock}.`);
  }
}
