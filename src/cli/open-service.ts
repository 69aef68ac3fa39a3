import type { Config } from "../config.ts";
import type { Denial } from "../domain/denial.ts";
import { createBundledBreachIndex } from "../password/bundled-breach-index.ts";
import type { Deps } from "../ports/deps.ts";
import { PasswordEstimatorError } from "../ports/password-estimator.ts";
import { systemActor } from "../runtime/actor.ts";
import { createJsonLogger } from "../runtime/json-logger.ts";
import { openNodeDeps } from "../runtime/node-deps.ts";
import { readConfig } from "../runtime/read-config.ts";
import { EXIT, type Invocation, RefusedError } from "./command.ts";

export type OpenService = Readonly<{
  deps: Deps;
  config: Config;
  /** Where the master keys are; undefined when the environment holds them. */
  masterKeyFile: string | undefined;
}>;

/**
 * Opens the service's data for one command, beside a server that may be running, and closes them when it is done. What
 * the command wrote is on disk when this resolves.
 */
export async function withService(
  { env, warn }: Invocation,
  run: (service: OpenService) => Promise<void>,
): Promise<number> {
  const config = readConfig(env);
  const estimate = () => Promise.reject(new PasswordEstimatorError("closed"));
  const opened = await openNodeDeps(config, {
    logger: createJsonLogger(warn),
    estimator: { estimate },
    breaches: createBundledBreachIndex(),
  });
  const { deps, masterKeyFile } = opened;
  try {
    await run({ deps, config, masterKeyFile });
    await deps.store.committed();
  } finally {
    await opened.close();
  }
  return EXIT.ok;
}

/** What a person calls the database: the file, or server and name without user and password. */
export function databaseName({ databasePath, postgresUrl }: Pick<Config, "databasePath" | "postgresUrl">): string {
  if (postgresUrl === undefined) return databasePath;
  const { host, pathname } = new URL(postgresUrl);
  return `${decodeURIComponent(pathname.slice(1))} on ${host === "" ? "this machine" : decodeURIComponent(host)}`;
}

/** The command line as the audit log names it. */
export function commandLine(deps: Deps) {
  return systemActor(deps, "cli");
}

/** Turns a flow's denial into what the person at the terminal reads. */
export function refusal(denial: Denial): RefusedError {
  return new RefusedError(denial.detail ?? `Refused: ${denial.code}.`);
}

/** A moment for a person and for a program. */
export function timeText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
