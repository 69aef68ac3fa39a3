import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { copy } from "../../src/cli/copy.ts";
import { meetsAim } from "../../src/cli/probe/measure.ts";
import { probeAll, probeTable } from "../../src/cli/probe.ts";
import { parseConfig } from "../../src/config.ts";
import { openPostgresServer } from "../support/postgres-server.ts";
import { onBothCores, type Server, startServer } from "./child.ts";
import { runLoad } from "./load.ts";
import { actionMix, type Codes, type Population } from "./mix.ts";
import { closedLoop, type OpenLoopFigures, openLoop } from "./open-loop.ts";
import { measurePairs, median, type PairFigures, type RoundFigures } from "./pairs.ts";
import { startProgram } from "./program.ts";
import {
  assertionRequests,
  challengeRequests,
  currentTotpRequests,
  ECHO_REQUEST,
  passwordRequests,
  type TotpSource,
  totpSource,
} from "./requests.ts";
import { type Seeded, seed } from "./seed.ts";

/** How long and how large. */
export type Scale = Readonly<{
  rounds: number;
  roundMs: number;
  connections: number;
  totpSubjects: number;
  passkeys: number;
  memoryVerifies: number;
  loadMs: number;
  soakMs: number;
  growthFrom: number;
  growthTo: number;
  starts: number;
  /** OpenID sign-ins a round. */
  openidFlows: number;
  probeSamples: number;
  /** Node's own options for the service's process. */
  nodeOptions: readonly string[];
}>;

/** More requests than any round gets through, so that a round ends by its time. */
const REQUESTS_PER_MS = 20;
const PASSWORD_CONNECTIONS = 16;
const CHALLENGES_A_ROUND_PER_MS = 2;
const VERIFIES_A_TIME = 10_000;
/** Enough that an action that is due hardly ever waits for one. */
const OPEN_CONNECTIONS = 256;
const SOAK_SAMPLES = 60;
/** So long a server has to be next to idle to count as quiet, and so often it is looked at. */
const [QUIET_MS, QUIET_LOOKS] = [100, 50];

/** The running service and the running echo, on the servers' core. */
export type Bed = Readonly<{
  scale: Scale;
  echo: Server;
  service: Server;
  seeded: Seeded;
  /** One for the whole bed: what it gave out is used up. */
  codes: TotpSource;
}>;

/** Seeds a database, runs the work against both servers, and clears up. */
export function withBed<T>(scale: Scale, size: Size, work: (bed: Bed) => Promise<T>): Promise<T> {
  return withDatabase(size, async (seeded) => {
    const echo = await startServer({ mode: "echo" });
    const { dataDir, databaseUrl } = seeded;
    const service = await startServer({ mode: "service", dataDir, databaseUrl }, scale.nodeOptions);
    try {
      return await work({ scale, echo, service, seeded, codes: totpSource(service, seeded) });
    } finally {
      await Promise.all([echo.stop(), service.stop()]);
    }
  });
}

type Size = Readonly<{
  totpSubjects: number;
  passkeySubjects: number;
  /** Where the data is; SQLite when left out. */
  engine?: "sqlite" | "postgres";
}>;

async function withDatabase<T>(size: Size, work: (seeded: Seeded) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  try {
    const seeded = await seed({ dataDir, ...size });
    return await (size.engine === "postgres" ? onPostgres(seeded, work) : work(seeded));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The same data on a PostgreSQL of its own on this machine, moved there as an installation is. */
async function onPostgres<T>(seeded: Seeded, work: (seeded: Seeded) => Promise<T>): Promise<T> {
  const server = await onBothCores(openPostgresServer);
  try {
    const databaseUrl = await server.createDatabase();
    const values = { from: seeded.dataDir, to: databaseUrl, json: true };
    await copy.run({ values, positionals: [], env: {}, print: () => undefined, warn: () => undefined });
    return await work({ ...seeded, databaseUrl });
  } finally {
    await server.close();
  }
}

/** What a verify takes when nothing else is going on, in milliseconds. */
export async function lonelyLatency({ scale, service, codes }: Bed): Promise<number> {
  const figures = await totpRound({ ...scale, connections: 1 }, service, codes);
  return figures.p50Ms;
}

/** `POST /v1/verify {subject, totp}`, each request another subject. */
export async function verifyTotp(bed: Bed): Promise<PairFigures> {
  const subject = () => totpRound(bed.scale, bed.service, bed.codes);
  return measurePairs({ rounds: bed.scale.rounds, yardstick: echoRound(bed), subject });
}

/** `POST /v1/challenges` for subjects with passkeys, and `POST /v1/verify {challenge, webauthn}` with ES256. */
export async function verifyWebauthn(bed: Bed): Promise<Readonly<{ open: PairFigures; verify: PairFigures }>> {
  const { scale, seeded } = bed;
  const echo = echoRound(bed);
  const count = scale.roundMs * CHALLENGES_A_ROUND_PER_MS;
  const unlimited = { ...bed.scale, roundMs: 60_000 };
  let answers: readonly Buffer[] = [];
  const open = async () => {
    const figures = await round(unlimited, bed.service, {
      requests: challengeRequests(seeded, count),
      expectStatus: 201,
    });
    answers = assertionRequests(seeded, figures.bodies);
    return figures;
  };
  const verify = () => round(unlimited, bed.service, { requests: answers, expectStatus: 200 });
  const { rounds } = scale;
  return {
    open: await measurePairs({ rounds, yardstick: echo, subject: open }),
    verify: await measurePairs({ rounds, yardstick: echo, subject: verify, prepare: open }),
  };
}

/** `POST /v1/passwords/assess` of ordinary passwords. */
export async function assessPasswords(bed: Bed): Promise<PairFigures> {
  const scale = { ...bed.scale, connections: PASSWORD_CONNECTIONS };
  const requests = passwordRequests(bed.seeded, scale.roundMs * REQUESTS_PER_MS);
  const subject = () => round(scale, bed.service, { requests, expectStatus: 200 });
  return measurePairs({ rounds: scale.rounds, yardstick: echoRound(bed), subject });
}

export type LoadBench = Readonly<{ most: OpenLoopFigures; half: OpenLoopFigures }>;

export type LoadBed = Readonly<{
  scale: Scale;
  service: Pick<Server, "port">;
  seeded: Population;
  codes: Codes;
}>;

/** A population's mix of actions: as fast as they go, and arriving at half that rate whatever the answers take. */
export async function loadOfUsers({ scale, service, seeded, codes }: LoadBed): Promise<LoadBench> {
  const next = actionMix(seeded, codes, "load");
  const { port } = service;
  // Warm first: the rate of the first seconds is the compiler's.
  await closedLoop({ port, connections: scale.connections, durationMs: scale.loadMs / 4, next });
  const most = await closedLoop({ port, connections: scale.connections, durationMs: scale.loadMs / 2, next });
  const perSecond = most.perSecond / 2;
  const half = await openLoop({ port, connections: OPEN_CONNECTIONS, durationMs: scale.loadMs, next, perSecond });
  return { most, half };
}

export type SoakFigures = Readonly<{ load: OpenLoopFigures; residentMegabytes: readonly number[]; growth: number }>;

/** The mix for a long time at a quarter of the highest rate: latencies, and whether memory stays where it was. */
export async function soak({ scale, service, seeded, codes }: Bed): Promise<SoakFigures> {
  const next = actionMix(seeded, codes, "soak");
  const { port } = service;
  const most = await closedLoop({ port, connections: scale.connections, durationMs: scale.loadMs / 2, next });
  const residentMegabytes: number[] = [];
  const sample = async () => residentMegabytes.push((await service.usage()).residentBytes / 1e6);
  const timer = setInterval(() => void sample(), scale.soakMs / SOAK_SAMPLES);
  const perSecond = most.perSecond / 4;
  try {
    const load = await openLoop({ port, connections: OPEN_CONNECTIONS, durationMs: scale.soakMs, next, perSecond });
    return { load, residentMegabytes, growth: growthOf(residentMegabytes) };
  } finally {
    clearInterval(timer);
  }
}

/** The last quarter's median over the second quarter's: by then caches are full. */
function growthOf(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4);
  return median(samples.slice(-quarter)) / median(samples.slice(quarter, 2 * quarter));
}

export type ProbeFigures = Readonly<{
  lines: readonly string[];
  furthest: number;
  furthestEnd: number;
  pairs: number;
  /** Pairs that do not meet the aim, and questions that were not compared. */
  missed: number;
}>;

/** `countersign probe` against the running service: how far from one half any area under the curve is. */
export async function probeForLeaks({ service, seeded }: Bed, samples: number): Promise<ProbeFigures> {
  const url = new URL(`http://127.0.0.1:${service.port}`);
  const origin = parseConfig({ COUNTERSIGN_DATA_DIR: seeded.dataDir }).publicUrl;
  const terms = { url, key: seeded.apiKey, origin, samples, only: [] };
  const uncompared: string[] = [];
  const pairs = await probeAll({ ...terms, warn: (line) => uncompared.push(line) });
  const off = (value: number) => Math.abs(value - 0.5);
  return {
    lines: [...probeTable(pairs), ...uncompared],
    pairs: pairs.length,
    missed: pairs.filter((pair) => !meetsAim(pair)).length + uncompared.length,
    furthest: Math.max(...pairs.map(({ comparison }) => off(comparison.auc))),
    furthestEnd: Math.max(...pairs.flatMap(({ comparison }) => [off(comparison.aucLow), off(comparison.aucHigh)])),
  };
}

export type ProgramFigures = Readonly<{ startMs: number; residentMegabytes: number; megabytesAtStart: number }>;

/**
 * The program as `npm start` runs it: from start to ready over a database that exists, and its resident memory after so
 * many verifies, each of another subject.
 */
export async function measureProgram(scale: Scale): Promise<ProgramFigures> {
  return withDatabase({ totpSubjects: scale.memoryVerifies, passkeySubjects: 0 }, async (seeded) => {
    const starts: number[] = [];
    for (let start = 1; start < scale.starts; start++) {
      const program = await startProgram(seeded.dataDir);
      starts.push(program.startMs);
      await program.stop();
    }
    const program = await startProgram(seeded.dataDir);
    const megabytesAtStart = program.residentBytes() / 1e6;
    for (let done = 0; done < scale.memoryVerifies; done += VERIFIES_A_TIME) {
      const requests = currentTotpRequests(seeded, done, VERIFIES_A_TIME);
      await runLoad({ ...scale, port: program.port, durationMs: 60_000, requests, expectStatus: 200 });
    }
    const residentMegabytes = program.residentBytes() / 1e6;
    await program.stop();
    return { startMs: median([...starts, program.startMs]), residentMegabytes, megabytesAtStart };
  });
}

export type GrowthFigures = Readonly<{ from: number; to: number; costRatio: number; pairs: PairFigures }>;

/** What one verify costs with many subjects, relative to few: round by round in turn. */
export async function growth(scale: Scale, engine: Size["engine"]): Promise<GrowthFigures> {
  const { growthFrom: from, growthTo: to } = scale;
  return withBed({ ...scale, nodeOptions: [] }, { engine, totpSubjects: from, passkeySubjects: 0 }, (few) =>
    withBed(scale, { engine, totpSubjects: to, passkeySubjects: 0 }, async (many) => {
      const pairs = await measurePairs({
        rounds: scale.rounds,
        yardstick: () => totpRound(scale, few.service, few.codes),
        subject: () => totpRound(scale, many.service, many.codes),
      });
      return { from, to, costRatio: 1 / pairs.ratio, pairs };
    }),
  );
}

function totpRound(scale: Scale, server: Server, source: TotpSource): Promise<RoundFigures> {
  const requests = source.take(scale.roundMs * REQUESTS_PER_MS);
  return round(scale, server, { requests, expectStatus: 200, onSend: source.onSend });
}

function echoRound({ scale, echo }: Bed): () => Promise<RoundFigures> {
  return () => round(scale, echo, { requests: [ECHO_REQUEST], repeat: true, expectStatus: 200 });
}

type What = Pick<Parameters<typeof runLoad>[0], "requests" | "expectStatus" | "repeat" | "onSend">;

async function round({ connections, roundMs }: Scale, server: Server, what: What): Promise<RoundFigures> {
  const before = await server.usage();
  const collect = what.expectStatus === 201;
  const figures = await runLoad({ port: server.port, connections, durationMs: roundMs, collect, ...what });
  const { cpuMicros } = await server.usage();
  await quiet(server);
  return { ...figures, cpuMicros: (cpuMicros - before.cpuMicros) / figures.requests };
}

/** Waits until the server has done what it put off for a quiet moment: another's round must not pay for it. */
async function quiet(server: Server): Promise<void> {
  for (let looks = 0; looks < QUIET_LOOKS; looks++) {
    const before = await server.usage();
    await setTimeout(QUIET_MS);
    const after = await server.usage();
    if (after.cpuMicros - before.cpuMicros < (QUIET_MS * 1000) / 20) return;
  }
}
