import { unwatchFile, watchFile } from "node:fs";
import type { Deps } from "../ports/deps.ts";
import { readMasterKeys } from "./master-key.ts";

/** How often the file is looked at: the command line counts on it when it rotates keys. */
export const MASTER_KEYS_SEEN_WITHIN_MS = 2_000;

/**
 * Takes over new master keys from their file while the service runs. A file that cannot be read is reported, and the
 * keys at hand stay in use. Returns the function that stops it.
 */
export function watchMasterKeys(deps: Pick<Deps, "keyring" | "logger">, file: string): () => void {
  const reload = () => {
    try {
      deps.keyring.replaceKeys(readMasterKeys(file));
      deps.logger.info("master_keys_replaced", { primary: deps.keyring.primaryKeyId() });
    } catch (error) {
      deps.logger.error("master_keys_unreadable", { error: error instanceof Error ? error.name : typeof error });
    }
  };
  watchFile(file, { interval: MASTER_KEYS_SEEN_WITHIN_MS, persistent: false }, reload);
  return () => unwatchFile(file, reload);
}
