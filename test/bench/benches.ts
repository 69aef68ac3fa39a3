import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, startServer } from "./child.ts";
import { type LoadFigures, runLoad } from "./load.ts";
import { measurePairs, median, type PairFigures } from "./pairs.ts";
import {
  assertionRequests,
  challengeRequests,
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
  growthFrom: number;
  growthTo: number;
  starts: number;
  /** Node's own options for the service's process. */
  nodeOptions: readonly string[];
}>;

/** More requests than any round gets through, so that a round ends by its time. */
const REQUESTS_PER_MS = 20;
const PASSWORD_CONNECTIONS = 16;
const CHALLENGES_A_ROUND_PER_MS = 2;

/** The running service and the running echo, on the servers' core. */
export type Bed = Readonly<{ scale: Scale; echo: Server; service: Server; seeded: Seeded }>;

/** Seeds a database, runs the work against both servers, and clears up. */
export async function withBed<T>(
  scale: Scale,
  size: Readonly<{ totpSubjects: number; passkeySubjects: number }>,
  work: (bed: Bed) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  try {
    const seeded = await seed({ dataDir, ...size });
    const echo = await startServer({ mode: "echo" });
    const service = await startServer({ mode: "service", dataDir }, scale.nodeOptions);
    try {
      return await work({ scale, echo, service, seeded });
    } finally {
      await Promise.all([echo.stop(), service.stop()]);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** `POST /v1/verify {subject, totp}`, each request another subject. */
export async function verifyTotp(bed: Bed): Promise<PairFigures> {
  const source = totpSource(bed.service, bed.seeded);
  return measurePairs(bed.scale.rounds, echoRound(bed), () => totpRound(bed.scale, bed.service, source));
}

/** `POST /v1/challenges` for subjects with passkeys, and `POST /v1/verify {challenge, webauthn}` with ES256. */
export async function verifyWebauthn(bed: Bed): Promise<Readonly<{ open: PairFigures; verify: PairFigures }>> {
  const { scale, seeded } = bed;
  const echo = echoRound(bed);
  const count = scale.roundMs * CHALLENGES_A_ROUND_PER_MS;
  const unlimited = { ...bed.scale, roundMs: 60_000 };
  let answers: readonly Buffer[] = [];
  const opened: LoadFigures[] = [];
  const open = async () => {
    const figures = await round(unlimited, bed.service, { requests: challengeRequests(seeded, count), expectStatus: 201 });
    answers = assertionRequests(seeded, figures.bodies);
    opened.push(figures);
    return figures;
  };
  const openPairs = await measurePairs(scale.rounds, echo, open);
  const verify = await measurePairs(scale.rounds, async () => (await open(), echo()), () =>
    round(unlimited, bed.service, { requests: answers, expectStatus: 200 }),
  );
  return { open: openPairs, verify };
}

/** `POST /v1/passwords/assess` of ordinary passwords. */
export async function assessPasswords(bed: Bed): Promise<PairFigures> {
  const scale = { ...bed.scale, connections: PASSWORD_CONNECTIONS };
  const requests = passwordRequests(bed.seeded, scale.roundMs * REQUESTS_PER_MS);
  return measurePairs(scale.rounds, echoRound(bed), () => round(scale, bed.service, { requests, expectStatus: 200 }));
}

/** The service's resident memory after so many verifies, in megabytes. */
export async function memoryAfterVerifies(bed: Bed): Promise<number> {
  const source = totpSource(bed.service, bed.seeded);
  const scale = { ...bed.scale, roundMs: 600_000 };
  const requests = source.take(bed.scale.memoryVerifies);
  await round(scale, bed.service, { requests, expectStatus: 200, onSend: source.onSend });
  return bed.service.residentMegabytes();
}

export type GrowthFigures = Readonly<{ from: number; to: number; costRatio: number; pairs: PairFigures }>;

/** What one verify costs with many subjects, relative to few: round by round in turn. */
export async function growth(scale: Scale): Promise<GrowthFigures> {
  const { growthFrom: from, growthTo: to } = scale;
  return withBed({ ...scale, nodeOptions: [] }, { totpSubjects: from, passkeySubjects: 0 }, (few) =>
    withBed(scale, { totpSubjects: to, passkeySubjects: 0 }, async (many) => {
      const fewSource = totpSource(few.service, few.seeded);
      const manySource = totpSource(many.service, many.seeded);
      const pairs = await measurePairs(
        scale.rounds,
        () => totpRound(scale, few.service, fewSource),
        () => totpRound(scale, many.service, manySource),
      );
      return { from, to, costRatio: 1 / pairs.ratio, pairs };
    }),
  );
}

/** From starting the process to its accepting connections, with a database that exists, in milliseconds. */
export async function startToReady(scale: Scale, seeded: Seeded): Promise<number> {
  const taken: number[] = [];
  for (let start = 0; start < scale.starts; start++) {
    const server = await startServer({ mode: "service", dataDir: seeded.dataDir });
    taken.push(server.startMs);
    await server.stop();
  }
  return median(taken);
}

function totpRound(scale: Scale, server: Server, source: TotpSource): Promise<LoadFigures> {
  const requests = source.take(scale.roundMs * REQUESTS_PER_MS);
  return round(scale, server, { requests, expectStatus: 200, onSend: source.onSend });
}

function echoRound({ scale, echo }: Bed): () => Promise<LoadFigures> {
  return () => round(scale, echo, { requests: [ECHO_REQUEST], repeat: true, expectStatus: 200 });
}

type What = Pick<Parameters<typeof runLoad>[0], "requests" | "expectStatus" | "repeat" | "onSend">;

function round({ connections, roundMs }: Scale, { port }: Server, what: What): Promise<LoadFigures> {
  return runLoad({ port, connections, durationMs: roundMs, collect: what.expectStatus === 201, ...what });
}
