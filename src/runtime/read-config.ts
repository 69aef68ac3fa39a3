import { type Config, parseConfig } from "../config.ts";
import { parseMasterKeyText } from "../crypto/master-key.ts";
import { ConfigError } from "../domain/config-error.ts";
import { readMasterKeys } from "./master-key.ts";

/** The configuration, with the master key's setting checked too; throws ConfigError with every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const config = collect(problems, () => parseConfig(env));
  problems.push(...masterKeyProblems(env.COUNTERSIGN_MASTER_KEY, env.COUNTERSIGN_MASTER_KEY_FILE));
  if (config === undefined || problems.length > 0) throw new ConfigError(...problems);
  return config;
}

/** The file that holds the master keys: the one that is named, or else the one in the data folder. */
export function masterKeyFileOf(config: Pick<Config, "dataDir"> & Partial<Pick<Config, "masterKeyFile">>): string {
  return config.masterKeyFile ?? `${config.dataDir}/master.key`;
}

function masterKeyProblems(text: string | undefined, file: string | undefined): readonly string[] {
  const problems: string[] = [];
  if (text !== undefined && file !== undefined) {
    problems.push("Set either COUNTERSIGN_MASTER_KEY or COUNTERSIGN_MASTER_KEY_FILE, not both.");
  }
  const parsed = text === undefined ? undefined : parseMasterKeyText(text);
  if (parsed?.ok === false) problems.push(`COUNTERSIGN_MASTER_KEY is malformed: ${parsed.problem}.`);
  if (file !== undefined) collect(problems, () => readMasterKeys(file));
  return problems;
}

function collect<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
