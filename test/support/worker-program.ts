import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Environment, finish } from "./command-line.ts";
import { freePort } from "./listen.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
/** The unit in which Linux counts CPU time. */
const TICK_MS = 10;
const MASTER_KEY = "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** The Worker as it is deployed, in the real runtime on this machine, with a database and a folder of its own. */
export type RunningWorker = Readonly<{
  url: string;
  /** What an app answers to `request`, over real HTTP. */
  app: Readonly<{ request: (path: string, init?: RequestInit) => Promise<Response> }>;
  config: Readonly<{ publicUrl: string }>;
  /** Runs the timer of wrangler.toml now; the runtime's word for how it went. */
  runTimer: () => Promise<string>;
  /** Rows of the database, read from outside while the Worker runs. */
  query: (sql: string) => Promise<readonly Row[]>;
  /** CPU time of the runtime so far in milliseconds: the isolate, the database and wrangler's proxy. Linux only. */
  cpuMs: () => number;
  /** Every line that was logged, by the Worker and by wrangler. */
  log: () => readonly string[];
  stop: () => Promise<void>;
}>;

type Row = Readonly<Record<string, unknown>>;
type Wrangler = (args: readonly string[]) => Promise<string>;

/** What the Worker keeps its data in. `wrangler` runs a command on what it keeps on this machine. */
export type WorkerDatabase = Readonly<{
  /** The file of wrangler's configuration that binds it. */
  config: string;
  settings: Environment;
  prepare: (wrangler: Wrangler) => Promise<void>;
  query: (wrangler: Wrangler, sql: string) => Promise<readonly Row[]>;
  close: () => Promise<void>;
}>;

/** D1 as wrangler has it on this machine, migrated as a deployed one is. */
export const D1: WorkerDatabase = {
  config: "wrangler.toml",
  settings: {},
  prepare: async (wrangler) => void (await wrangler(["d1", "migrations", "apply", "DB"])),
  query: async (wrangler, sql) => rowsIn(await wrangler(["d1", "execute", "DB", "--json", "--command", sql])),
  close: async () => undefined,
};

/** Bundles the Worker as `wrangler deploy` does, into that folder, with what the bundler says of it. */
export async function buildWorker(folder: string, config = D1.config): Promise<void> {
  await finished(start(["deploy", "--dry-run", "--metafile", "--outdir", folder, ...configured(config)]));
}

/** Starts the final bundle; `settings` are its secrets besides the master key and its address. */
export async function runWorker(settings: Environment = {}, database: WorkerDatabase = D1): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-worker-"));
  const place = ["--local", "--persist-to", join(folder, "state"), ...configured(database.config)];
  const wrangler: Wrangler = (args) => finished(start([...args, ...place]));
  await buildWorker(join(folder, "bundle"), database.config);
  await database.prepare(wrangler);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = start(
    ["dev", join(folder, "bundle/worker.js"), "--no-bundle", ...place, "--test-scheduled", ...listenOn(port)],
    { COUNTERSIGN_MASTER_KEY: MASTER_KEY, COUNTERSIGN_PUBLIC_URL: url, ...database.settings, ...settings },
  );
  const lines: string[] = [];
  const stop = async () => {
    await end(child);
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  await whenReady(child, lines).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    app: { request: (path, init) => fetch(`${url}${path}`, { redirect: "manual", ...init }) },
    config: { publicUrl: url },
    runTimer: async () => (await fetch(`${url}/cdn-cgi/handler/scheduled?format=json`)).text(),
    query: (sql) => database.query(wrangler, sql),
    cpuMs: () => cpuMsOf(child),
    log: () => lines,
    stop,
  };
}

function configured(file: string): readonly string[] {
  return ["--config", join(ROOT, file)];
}

function listenOn(port: number): readonly string[] {
  return ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0", "--show-interactive-dev-session=false"];
}

/** What proc(5) says of the runtime's processes, which are in the group that wrangler leads. */
function cpuMsOf({ pid }: ChildProcess): number {
  const ticks = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [, program, rest = ""] = /\((.*)\) (.*)/.exec(statOf(name)) ?? [];
      const fields = rest.split(" ");
      return program === "workerd" && fields[2] === String(pid) ? [Number(fields[11]) + Number(fields[12])] : [];
    });
  return ticks.reduce((sum, one) => sum + one, 0) * TICK_MS;
}

function statOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/stat`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}

/** Nothing of the caller's own settings reaches it, and it looks for no account. */
function start(args: readonly string[], secrets: Environment = {}): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, CI: "1", WRANGLER_SEND_METRICS: "false", ...secrets };
  return spawn(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    env,
    detached: true,
  });
}

async function finished(child: ChildProcess): Promise<string> {
  const { code, stdout, stderr } = await finish(child);
  if (code !== 0) throw new Error(`wrangler failed:\n${stdout}${stderr}`);
  return stdout;
}

function rowsIn(output: string): readonly Row[] {
  // Wrangler's own form: one member a statement, after what it says of itself.
  const [answer] = JSON.parse(output.slice(output.indexOf("["))) as { results: Record<string, unknown>[] }[];
  return answer?.results ?? [];
}

function whenReady(child: ChildProcess, lines: string[]): Promise<void> {
  return new Promise((done, failed) => {
    const read = (stream: Readable | null) => {
      if (stream === null) throw new Error("the process has no output");
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (line.includes("Ready on")) done();
      });
    };
    read(child.stdout);
    read(child.stderr);
    child.once("exit", () => failed(new Error(`wrangler dev ended:\n${lines.join("\n")}`)));
  });
}

/** The runtime is a process of its own below wrangler's: the whole group ends. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return done();
    child.once("exit", () => done());
    process.kill(-child.pid, "SIGTERM");
  });
}
