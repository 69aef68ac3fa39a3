import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import lean from "../../bin/lean-process.json" with { type: "json" };

/** What the parent says, and what the server answers. */
export type Order = Readonly<{ kind: "clock"; nowMs: number }> | Readonly<{ kind: "usage" }>;
export type Report = Readonly<{ kind: "ready"; port: number }> | Readonly<{ kind: "usage" } & Usage>;

/** What the server's process has used so far: processor time in microseconds, resident memory in bytes. */
export type Usage = Readonly<{ cpuMicros: number; residentBytes: number }>;

export type Server = Readonly<{
  port: number;
  /** Sets the server's clock, epoch milliseconds; it runs on from there. */
  setClock: (nowMs: number) => void;
  usage: () => Promise<Usage>;
  stop: () => Promise<void>;
}>;

const SERVER = resolve(import.meta.dirname, "server.ts");
const SERVER_CORE = "0";
const OUR_CORE = "1";

/** Whether servers and load get a core each. */
export const isPinned = availableParallelism() > 1 && hasTaskset();

/** Keeps this process, all its threads, off the servers' core. */
export function pinGenerator(): void {
  pinTo(OUR_CORE);
}

/** Starts what is to run on both cores, as a database beside its service does: the generator's alone never sleeps. */
export async function onBothCores<T>(start: () => Promise<T>): Promise<T> {
  pinTo(`${SERVER_CORE},${OUR_CORE}`);
  try {
    return await start();
  } finally {
    pinGenerator();
  }
}

function pinTo(cores: string): void {
  if (isPinned) execFileSync("taskset", ["-acp", cores, String(process.pid)], { stdio: "ignore" });
}

/** The command, kept on the servers' core. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return isPinned ? ["taskset", "-c", SERVER_CORE, ...command] : command;
}

/**
 * Starts the echo, oidc-provider, the service over a data folder, with its pages when hosted, or a server of files over a
 * folder; the service as lean as `countersign serve` makes itself. `nodeOptions` are Node's own, such as `--cpu-prof`.
 */
export async function startServer(
  what: Readonly<
    | { mode: "echo" | "oidc-provider" }
    | { mode: "service"; dataDir: string; databaseUrl?: string }
    | { mode: "hosted" | "static"; dataDir: string }
  >,
  nodeOptions: readonly string[] = [],
): Promise<Server> {
  const isService = what.mode === "service" || what.mode === "hosted";
  const ours = isService ? lean : { nodeOptions: [], environment: {} };
  const node = [
    process.execPath,
    ...ours.nodeOptions,
    ...nodeOptions,
    "--disable-warning=ExperimentalWarning",
    SERVER,
    what.mode,
  ];
  const [program = "", ...options] = onServerCore("dataDir" in what ? [...node, what.dataDir] : node);
  const databaseUrl = what.mode === "service" ? what.databaseUrl : undefined;
  const env = {
    ...ours.environment,
    ...process.env,
    ...(databaseUrl === undefined ? {} : { COUNTERSIGN_DATABASE_URL: databaseUrl }),
  };
  const child = spawn(program, options, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ready = await reportOf(child, "ready");
  return {
    port: ready.port,
    setClock: (nowMs) => order(child, { kind: "clock", nowMs }),
    usage() {
      order(child, { kind: "usage" });
      return reportOf(child, "usage");
    },
    async stop() {
      const gone = new Promise((done) => child.once("exit", done));
      child.disconnect();
      await gone;
    },
  };
}

function order(child: ChildProcess, what: Order): void {
  child.send(what);
}

type ReportOf<Kind extends Report["kind"]> = Extract<Report, { kind: Kind }>;

function reportOf<Kind extends Report["kind"]>(child: ChildProcess, kind: Kind): Promise<ReportOf<Kind>> {
  return new Promise((done, fail) => {
    const ended = () => fail(new Error("the server ended before it answered"));
    const receive = (report: Report) => {
      if (report.kind !== kind) return;
      child.off("exit", ended).off("message", receive);
      // Its kind has just been compared.
      done(report as ReportOf<Kind>);
    };
    child.on("message", receive).once("exit", ended);
  });
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
