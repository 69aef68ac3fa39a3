import { existsSync } from "node:fs";
import type { Config } from "../config.ts";
import { openMacRoot } from "../crypto/keyring.ts";
import { createSealer } from "../crypto/sealer.ts";
import { type Result, well, wrong } from "./check.ts";
import { loadMasterKeys } from "./master-key.ts";
import { masterKeyFileOf } from "./read-config.ts";

/** Audit rows may be this much ahead, in milliseconds: clocks are set back by seconds in normal running. */
export const CLOCK_SLACK_MS = 60_000;

/** Whether the master key at hand opens the MAC root that the database holds. */
export function keyFits(sealedMacRoot: string, { dataDir, masterKey: envKey, masterKeyFile: envFile }: Config): Result {
  if (envKey === undefined && envFile === undefined && !existsSync(masterKeyFileOf({ dataDir }))) {
    return wrong("there is no master key");
  }
  const { keys } = loadMasterKeys({ dataDir, envKey, envFile });
  openMacRoot(createSealer(keys), sealedMacRoot);
  return well(`${keys.primary.id} in use, ${keys.others.length} older`);
}

/** A clock that went back would accept codes a second time, had they not been burnt; and expiry counts on it. */
export function clockFits(newestEventMs: unknown, nowMs: number): Result {
  const isBehind = typeof newestEventMs === "number" && newestEventMs > nowMs + CLOCK_SLACK_MS;
  return isBehind ? wrong("behind the newest audit event: set the system's time") : well(new Date(nowMs).toISOString());
}
