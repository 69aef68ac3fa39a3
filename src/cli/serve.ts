import type { Config } from "../config.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { Logger } from "../ports/logger.ts";
import { systemActor } from "../runtime/actor.ts";
import { createJsonLogger } from "../runtime/json-logger.ts";
import { readConfig } from "../runtime/read-config.ts";
import { type Sample, startSample } from "../runtime/sample.ts";
import { type RunningServer, startServer } from "../runtime/serve.ts";
import { type Command, EXIT } from "./command.ts";

/** By when a process that has closed everything is ended, should something still hold it. */
const EXIT_MS = 1_000;

/** By when the node whose turn it was to invite has done so. */
const TURN_MS = 60_000;

/** Runs the service until SIGTERM or SIGINT, then finishes what is under way. */
export const serve: Command = {
  usage: "serve",
  description: "Runs the service. Settings come from COUNTERSIGN_… in the environment: see docs/operating.md.",
  options: {},
  positionals: 0,
  run: async ({ env, print }) => {
    const config = readConfig(env);
    const logger = createJsonLogger(print);
    const dieBroken = (event: string) => (cause: unknown) => die(logger, event, cause);
    process.on("uncaughtException", dieBroken("uncaught_exception"));
    process.on("unhandledRejection", dieBroken("unhandled_rejection"));
    const stopped = nextSignal();
    const server = await startServer(config, { logger, onBroken: dieBroken("database_broken") });
    const sample = config.sample ? await trySample(server, config, logger) : undefined;
    for (const line of await announcement(server, config, sample)) print(line);
    logger.info("listening", { url: server.url });
    logger.info("stopping", { signal: await stopped });
    await sample?.close();
    await server.close();
    logger.info("stopped");
    setTimeout(() => process.exit(), EXIT_MS).unref();
    return EXIT.ok;
  },
};

/** A second signal ends the process at once: the first one only is taken. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

/** The last resort: names the error, never its text, which may hold what a request brought. */
function die(logger: Logger, event: string, cause: unknown): never {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  logger.error(event, { error: cause instanceof Error ? cause.name : typeof cause, code });
  process.exit(EXIT.internal);
}

/** The sample is there to be tried out: where it cannot start, the service goes on without it. */
async function trySample({ deps, url }: RunningServer, config: Config, logger: Logger): Promise<Sample | undefined> {
  try {
    const port = Number(new URL(url).port) + 1;
    return await startSample(deps, { port, countersignUrl: config.publicUrl });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    logger.warn("sample_failed", { error: error instanceof Error ? error.name : typeof error, code });
    return undefined;
  }
}

async function announcement(
  server: RunningServer,
  config: Config,
  sample: Sample | undefined,
): Promise<readonly string[]> {
  const pages = server.hasPages ? [] : ["The web pages are not built, so only the API is served: run npm run build."];
  const shop = sample === undefined ? [] : [`Sample shop: ${sample.url}`];
  return [`Countersign: ${config.publicUrl}`, ...pages, ...(await administratorLines(server.deps)), ...shop];
}

/** An installation that nobody administers yet shows a link, once; whoever missed it makes another one. */
async function administratorLines(deps: Deps): Promise<readonly string[]> {
  if ((await deps.store.administrators.list()).length > 0) return [];
  const by = systemActor(deps, "first_run");
  const open = await deps.store.grants.listOpen("admin_invite", by.nowMs);
  // Of several nodes that start at once, one makes the link.
  const isOurs = () => deps.store.turns.take("first_invitation", { nowMs: by.nowMs, everyMs: TURN_MS });
  if (open.some(({ realmId }) => realmId === ADMIN_REALM_ID) || !(await isOurs())) {
    return ["No administrator yet: use the link shown before, or make one with: npx countersign admin invite"];
  }
  const { inviteAdministrator } = await import("../flows/admin-invite.ts");
  const { url } = await inviteAdministrator(deps, by, { name: "Owner", role: "owner" });
  await deps.store.committed();
  return [`First administrator (works once, for 24 hours): ${url}`];
}
