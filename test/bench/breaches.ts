import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onServerCore, type Server, startServer } from "./child.ts";
import { writeDenseList } from "./hash-list.ts";
import { type LoadFigures, runLoad } from "./load.ts";
import { measurePairs, type PairFigures } from "./pairs.ts";

const PROGRAM = resolve(import.meta.dirname, "../../bin/countersign.mjs");
const LOOK_MS = 100;
/** Ranges asked for, in turn: more than any cache of ours holds. */
const RANGES = 2_000;

export type CorpusFigures = Readonly<{
  rows: number;
  rowsPerSecond: number;
  /** Of the building process, at its highest. */
  residentMegabytes: number;
  bytesAHash: number;
  tailBytesAHash: number;
}>;

export type BreachFigures = Readonly<{ corpus: CorpusFigures; range: PairFigures; padded: PairFigures }>;

type Scale = Readonly<{ rounds: number; roundMs: number; connections: number; corpusRows: number }>;

/** Builds a corpus with the program on one core, and serves ranges from it against the same bytes as static files. */
export async function measureBreaches(scale: Scale): Promise<BreachFigures> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-breaches-"));
  try {
    const list = join(folder, "list.txt");
    const prefixes = writeDenseList(list, scale.corpusRows).map((prefix) => prefix.toString(16).padStart(5, "0"));
    const corpus = await measureBuild(list, join(folder, "breaches.corpus"), scale.corpusRows);
    rmSync(list);
    return { corpus, ...(await measureRanges(scale, folder, prefixes.slice(0, RANGES))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureBuild(from: string, to: string, rows: number): Promise<CorpusFigures> {
  const command = [process.execPath, "--disable-warning=ExperimentalWarning", PROGRAM];
  const [program = "", ...options] = onServerCore([...command, "passwords", "build", "--from", from, "--to", to]);
  const started = performance.now();
  const child = spawn(program, options, { stdio: ["ignore", "ignore", "inherit"] });
  let residentMegabytes = 0;
  const look = setInterval(() => {
    residentMegabytes = Math.max(residentMegabytes, highestMegabytes(child.pid));
  }, LOOK_MS);
  const [code] = await once(child, "exit");
  clearInterval(look);
  if (code !== 0) throw new Error(`the corpus was not built: exit code ${code}`);
  const rowsPerSecond = rows / ((performance.now() - started) / 1000);
  const bytesAHash = statSync(to).size / rows;
  const tailBytesAHash = statSync(`${to}.tails`).size / rows;
  return { rows, rowsPerSecond, residentMegabytes, bytesAHash, tailBytesAHash };
}

/** What the process has held at most, by the kernel's account; 0 once it is gone. */
function highestMegabytes(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes ?? 0) / 1000;
  } catch {
    return 0;
  }
}

async function measureRanges(scale: Scale, folder: string, prefixes: readonly string[]) {
  const service = await startServer({ mode: "service", dataDir: folder });
  const files = join(folder, "static");
  try {
    return {
      range: await measureForm({ scale, service, files: join(files, "plain"), prefixes, header: "" }),
      padded: await measureForm({
        scale,
        service,
        files: join(files, "padded"),
        prefixes,
        header: "add-padding: true\r\n",
      }),
    };
  } finally {
    await service.stop();
  }
}

type Form = Readonly<{ scale: Scale; service: Server; files: string; prefixes: readonly string[]; header: string }>;

/** The service's answers become the files that the yardstick serves. */
async function measureForm({ scale, service, files, prefixes, header }: Form): Promise<PairFigures> {
  const requests = prefixes.map((prefix) =>
    Buffer.from(`GET /range/${prefix} HTTP/1.1\r\nhost: 127.0.0.1\r\n${header}\r\n`),
  );
  const { bodies } = await runLoad({
    port: service.port,
    connections: 1,
    durationMs: 60_000,
    requests,
    expectStatus: 200,
    collect: true,
  });
  mkdirSync(join(files, "range"), { recursive: true });
  for (const [index, prefix] of prefixes.entries()) writeFileSync(join(files, "range", prefix), bodies[index] ?? "");
  const yardstick = await startServer({ mode: "static", dataDir: files });
  const round = (server: Server) => async () => {
    const before = await server.usage();
    const load = { port: server.port, connections: scale.connections, durationMs: scale.roundMs, requests };
    const figures: LoadFigures = await runLoad({ ...load, repeat: true, expectStatus: 200 });
    const { cpuMicros } = await server.usage();
    return { ...figures, cpuMicros: (cpuMicros - before.cpuMicros) / figures.requests };
  };
  try {
    return await measurePairs({ rounds: scale.rounds, yardstick: round(yardstick), subject: round(service) });
  } finally {
    await yardstick.stop();
  }
}
