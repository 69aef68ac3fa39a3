import type { Sql } from "postgres";
import { isRefusal, isUndone } from "./postgres-faults.ts";
import { type Statement, send } from "./postgres-queries.ts";

/** Writes that belong together, and who waits for them. */
type Unit = Readonly<{
  statements: readonly Statement[];
  resolve: () => void;
  reject: (cause: unknown) => void;
}>;

export type Batches = Readonly<{
  /** Carries the statements out, all or none, and resolves once they are durable. */
  write: (statements: readonly Statement[]) => Promise<void>;
  /** Resolves once everything handed in so far has been carried out or has failed. */
  idle: () => Promise<void>;
}>;

/** As many units as fit into what a connection sends ahead without waiting. */
const MOST_UNITS = 40;
/** One transaction waits for the disk while the next one gathers and is sent. */
const UNDER_WAY = 2;
/** How often a unit is tried anew after the server undid it for another one's sake. */
const TRIES = 5;

/**
 * Group commit over the wire: while transactions are under way the writes of other requests gather, and the next
 * transaction takes them all, so that one trip to the server's disk serves many. When the server refuses a statement
 * the whole transaction is known to be undone, and each unit is carried out alone: one request's conflict never touches
 * its neighbours'. When the connection is lost nobody knows whether it was carried out: its units fail, and nothing is
 * tried again. `first` is sent at the beginning of every transaction.
 */
export function batchWrites(client: Sql, first: Statement): Batches {
  const waiting: Unit[] = [];
  const running = new Set<Promise<void>>();
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || running.size >= UNDER_WAY || waiting.length === 0) return;
    isScheduled = true;
    // Not at once: requests that go in step hand their writes in one after another.
    setImmediate(() => {
      isScheduled = false;
      start(waiting.splice(0, MOST_UNITS));
      schedule();
    });
  }

  function start(units: readonly Unit[]): void {
    const run = carryOut(client, first, units).finally(() => {
      running.delete(run);
      schedule();
    });
    running.add(run);
  }

  return {
    write(statements) {
      return new Promise((resolve, reject) => {
        waiting.push({ statements, resolve, reject });
        schedule();
      });
    },
    async idle() {
      while (waiting.length > 0 || running.size > 0) {
        await Promise.allSettled(running);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Never rejects: every unit learns its own end. */
async function carryOut(client: Sql, first: Statement, units: readonly Unit[]): Promise<void> {
  const fault = await transact(client, first, units).catch((cause: unknown) => ({ cause }));
  if (!fault) {
    for (const unit of units) unit.resolve();
  } else if (units.length > 1 && isRefusal(fault.cause)) {
    for (const unit of units) await alone(client, first, unit);
  } else if (isUndone(fault.cause)) {
    for (const unit of units) await alone(client, first, unit);
  } else {
    for (const unit of units) unit.reject(fault.cause);
  }
}

async function alone(client: Sql, first: Statement, unit: Unit): Promise<void> {
  for (let tries = 1; ; tries++) {
    const fault = await transact(client, first, [unit]).catch((cause: unknown) => ({ cause }));
    if (!fault) return unit.resolve();
    if (tries === TRIES || !isUndone(fault.cause)) return unit.reject(fault.cause);
  }
}

/** One transaction, its statements sent without waiting for one another's answers. */
async function transact(client: Sql, first: Statement, units: readonly Unit[]): Promise<undefined> {
  await client.begin(async (transaction) => {
    const statements = [first, ...units.flatMap((unit) => unit.statements)];
    await Promise.all(statements.map((statement) => send(transaction, statement)));
  });
}
