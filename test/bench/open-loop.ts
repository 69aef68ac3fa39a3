import { type Connection, openConnection } from "./connection.ts";
import { countTurns, quantile } from "./load.ts";
import type { Action, Kind } from "./mix.ts";

export type Latencies = Readonly<{ count: number; p50Ms: number; p99Ms: number; p999Ms: number; mostMs: number }>;

export type OpenLoopFigures = Readonly<{
  perSecond: number;
  all: Latencies;
  kinds: Readonly<Record<Kind, Latencies>>;
  /** Actions that ended otherwise than expected. */
  failed: number;
  firstFailure: string | undefined;
  /** The most actions that were due and not yet begun, for want of a connection. */
  longestQueue: number;
  idleShare: number;
}>;

type Terms = Readonly<{ port: number; connections: number; durationMs: number; next: () => Action }>;

type Finished = Readonly<{ kind: Kind; ms: number }>;

/** A few codes in a million are also those of the step after, and some enrolments straddle a step: more than that is wrong. */
const TOLERATED_SHARE = 0.001;

/**
 * Open-loop load: an action is due every `1 / perSecond` seconds whether or not the earlier ones are done, and its time
 * runs from when it was due, not from when a connection was free for it, so that a stall counts for everybody whom it
 * kept waiting (no coordinated omission). Throws when the server cannot keep up or more than one action in a thousand
 * fails.
 */
export async function openLoop(terms: Terms & Readonly<{ perSecond: number }>): Promise<OpenLoopFigures> {
  const { durationMs, next, perSecond } = terms;
  const total = Math.floor((durationMs / 1000) * perSecond);
  return withPool(terms, async (pool) => {
    const due: { action: Action; dueAt: number }[] = [];
    let [begun, longestQueue] = [0, 0];
    const start = performance.now();
    await turnUntil(() => {
      const now = performance.now();
      for (; begun < total && start + (begun * 1000) / perSecond <= now; begun++) {
        due.push({ action: next(), dueAt: start + (begun * 1000) / perSecond });
      }
      longestQueue = Math.max(longestQueue, due.length);
      if (due.length > perSecond) throw new Error("the server cannot keep up: a second's work is waiting");
      while (due.length > 0 && pool.hasFree()) {
        const first = due.shift();
        if (first) pool.begin(first.action, first.dueAt);
      }
      return begun === total && due.length === 0 && pool.isIdle();
    });
    return { ...pool.figures(performance.now() - start), longestQueue };
  });
}

/** Closed-loop load: every connection begins the next action as soon as its last one is done. */
export async function closedLoop(terms: Terms): Promise<OpenLoopFigures> {
  return withPool(terms, async (pool) => {
    const start = performance.now();
    await turnUntil(() => {
      const now = performance.now();
      while (now - start < terms.durationMs && pool.hasFree()) pool.begin(terms.next(), now);
      return now - start >= terms.durationMs && pool.isIdle();
    });
    return { ...pool.figures(performance.now() - start), longestQueue: 0 };
  });
}

type Pool = Readonly<{
  hasFree: () => boolean;
  isIdle: () => boolean;
  begin: (action: Action, dueAt: number) => void;
  figures: (ms: number) => Omit<OpenLoopFigures, "longestQueue">;
}>;

async function withPool(
  { port, connections }: Terms,
  work: (pool: Pool) => Promise<OpenLoopFigures>,
): Promise<OpenLoopFigures> {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  const opening = Array.from({ length: connections }, () => openConnection(port, reject));
  const all = await Promise.race([Promise.all(opening), failure]);
  try {
    return await Promise.race([work(poolOf(all)), failure]);
  } finally {
    for (const connection of all) connection.close();
  }
}

function poolOf(all: readonly Connection[]): Pool {
  const free = [...all];
  const finished: Finished[] = [];
  const failures: string[] = [];
  const turns = countTurns(() => finished.length);

  async function carryOut(connection: Connection, { kind, act }: Action, dueAt: number): Promise<void> {
    try {
      await act((request) => new Promise((answered) => connection.ask(request, answered)));
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
    finished.push({ kind, ms: performance.now() - dueAt });
    free.push(connection);
  }

  return {
    hasFree: () => free.length > 0,
    isIdle: () => free.length === all.length,
    begin(action, dueAt) {
      // The one that was idle for longest: servers close those that stay silent.
      const connection = free.shift();
      if (connection) void carryOut(connection, action, dueAt);
    },
    figures(ms) {
      const idleShare = turns.stop();
      const [firstFailure] = failures;
      if (failures.length > finished.length * TOLERATED_SHARE)
        throw new Error(`${failures.length} of ${finished.length} actions failed: ${firstFailure}`);
      const of = (kind: Kind) => latenciesOf(finished.filter((one) => one.kind === kind));
      const kinds = { totp: of("totp"), passkey: of("passkey"), enrolment: of("enrolment"), wrong: of("wrong") };
      const perSecond = finished.length / (ms / 1000);
      return { perSecond, all: latenciesOf(finished), kinds, failed: failures.length, firstFailure, idleShare };
    },
  };
}

function latenciesOf(finished: readonly Finished[]): Latencies {
  const sorted = Float64Array.from(finished, ({ ms }) => ms).sort();
  const [p50Ms, p99Ms, p999Ms] = [quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 0.999)];
  return { count: sorted.length, p50Ms, p99Ms, p999Ms, mostMs: sorted.at(-1) ?? Number.NaN };
}

/** Turns the event loop, without sleeping, until `step` says that all is done. */
function turnUntil(step: () => boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  function turn(): void {
    try {
      if (step()) resolve();
      else setImmediate(turn);
    } catch (error) {
      reject(error);
    }
  }
  turn();
  return promise;
}
