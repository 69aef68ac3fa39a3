import { gathering } from "./gathering.ts";
import { isRefusal, isUndone, OutageError } from "./postgres-faults.ts";
import type { Statement } from "./postgres-queries.ts";

/** Writes that belong together, since when and who waits for them. */
type Unit = Readonly<{
  statements: readonly Statement[];
  sinceMs: number;
  resolve: () => void;
  reject: (cause: unknown) => void;
}>;

type Transact = (statements: readonly Statement[]) => Promise<void>;

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
/** Who has waited for so long is not made to wait for a transaction as well. */
const LONGEST_WAIT_MS = 6_000;
/** How often a unit is tried anew after the server undid it for another one's sake. */
const TRIES = 5;

/**
 * Group commit over the wire: while transactions are under way the writes of other requests gather, and the next
 * transaction takes them all, so that one trip to the server's disk serves many. When the server refuses a statement
 * the whole transaction is known to be undone, and each unit is carried out alone: one request's conflict never touches
 * its neighbours'. When the connection is lost nobody knows whether it was carried out: its units fail, and nothing is
 * tried again. `transact` carries statements out in one durable transaction.
 */
export function batchWrites(transact: Transact): Batches {
  const units = gathering<Unit>({
    atOnce: UNDER_WAY,
    take: (waiting) => ({ together: waiting.slice(0, MOST_UNITS), left: waiting.slice(MOST_UNITS) }),
    carryOut: (together) => carryOut(transact, together.filter(isInTime)),
  });
  return {
    write: (statements) =>
      new Promise((resolve, reject) => units.add({ statements, sinceMs: performance.now(), resolve, reject })),
    idle: units.idle,
  };
}

function isInTime({ sinceMs, reject }: Unit): boolean {
  if (performance.now() - sinceMs < LONGEST_WAIT_MS) return true;
  reject(new OutageError("WAITED_TOO_LONG"));
  return false;
}

/** Never rejects: every unit learns its own end. */
async function carryOut(transact: Transact, units: readonly Unit[]): Promise<void> {
  if (units.length === 0) return;
  const fault = await attempt(transact, units);
  if (!fault) {
    for (const unit of units) unit.resolve();
  } else if ((units.length > 1 && isRefusal(fault.cause)) || isUndone(fault.cause)) {
    for (const unit of units) await alone(transact, unit);
  } else {
    for (const unit of units) unit.reject(fault.cause);
  }
}

async function alone(transact: Transact, unit: Unit): Promise<void> {
  for (let tries = 1; ; tries++) {
    const fault = await attempt(transact, [unit]);
    if (!fault) return unit.resolve();
    if (tries === TRIES || !isUndone(fault.cause)) return unit.reject(fault.cause);
  }
}

async function attempt(transact: Transact, units: readonly Unit[]): Promise<undefined | Readonly<{ cause: unknown }>> {
  try {
    await transact(units.flatMap(({ statements }) => statements));
    return undefined;
  } catch (cause) {
    return { cause };
  }
}
