import { type Answer, type Connection, openConnection } from "./connection.ts";

/** What to send: one prebuilt request after the other, each on whichever connection is free next. */
export type Load = Readonly<{
  port: number;
  connections: number;
  requests: readonly Buffer[];
  /** Begin again at the end of the list; else the run ends there. */
  repeat?: boolean;
  /** No request is sent after this many milliseconds. */
  durationMs: number;
  expectStatus: number;
  /** Keep the bodies, in the order of the requests. */
  collect?: boolean;
  /** Called right before the request of that index is sent. */
  onSend?: (index: number) => void;
}>;

export type LoadFigures = Readonly<{
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Share of the generator's turns that brought no answer, so that it was waiting: near 0 it measured itself. */
  idleShare: number;
  bodies: readonly string[];
}>;

/** One code in a million is also that of the step after it, which is then used up with it. */
const TOLERATED = 2;

type Run = {
  readonly load: Load;
  readonly deadline: number;
  readonly latencies: number[];
  readonly bodies: string[];
  next: number;
  unexpected: number;
};

/**
 * Closed-loop load over raw sockets: every connection has one request on its way, and sends the next when the answer is
 * complete. It never sleeps: on a virtual machine waking its core up would cost the server more than many an answer.
 * Throws when answers have another status than expected, with the text of one.
 */
export async function runLoad(load: Load): Promise<LoadFigures> {
  const { promise: failure, reject } = Promise.withResolvers<never>();
  const opening = Array.from({ length: load.connections }, () => openConnection(load.port, reject));
  const connections = await Promise.race([Promise.all(opening), failure]);
  const start = performance.now();
  const run: Run = { load, deadline: start + load.durationMs, latencies: [], bodies: [], next: 0, unexpected: 0 };
  const turns = countTurns(() => run.latencies.length);
  try {
    await Promise.race([Promise.all(connections.map((connection) => drive(run, connection))), failure]);
  } finally {
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - start) / 1000;
  const sorted = Float64Array.from(run.latencies).sort();
  return {
    requests: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    idleShare: turns.stop(),
    bodies: run.bodies,
  };
}

/** The value below which that share of the sorted ones lies; NaN when there are none. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Keeps the event loop turning until stopped; answers with the share of turns in which `progress` stood still. */
export function countTurns(progress: () => number): Readonly<{ stop: () => number }> {
  let turns = 0;
  let idle = 0;
  let last = -1;
  let isRunning = true;
  function turn(): void {
    const now = progress();
    turns += 1;
    if (now === last) idle += 1;
    last = now;
    if (isRunning) setImmediate(turn);
  }
  turn();
  return {
    stop() {
      isRunning = false;
      return idle / turns;
    },
  };
}

function drive(run: Run, connection: Connection): Promise<void> {
  const { load } = run;
  const { promise, resolve, reject } = Promise.withResolvers<void>();

  function send(): void {
    const sentAt = performance.now();
    const request = sentAt < run.deadline ? nextRequest(run) : undefined;
    if (request === undefined) {
      resolve();
      return;
    }
    const index = run.next++;
    load.onSend?.(index);
    connection.ask(request, (answer) => {
      if (isUnexpected(run, answer)) {
        reject(new Error(`not expected: ${answer.status} ${answer.body}`));
        return;
      }
      run.latencies.push(performance.now() - sentAt);
      if (load.collect) run.bodies[index] = answer.body;
      send();
    });
  }

  send();
  return promise;
}

function isUnexpected(run: Run, { status }: Answer): boolean {
  return status !== run.load.expectStatus && ++run.unexpected > TOLERATED;
}

function nextRequest({ load, next }: Run): Buffer | undefined {
  return load.requests[load.repeat ? next % load.requests.length : next];
}
