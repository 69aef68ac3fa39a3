import { AsyncLocalStorage } from "node:async_hooks";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import type { Db, Engine, Tables } from "../engine.ts";
import * as schema from "../schema.postgres.ts";
import { isOutage, isUndone, isUniqueViolation } from "./postgres-faults.ts";
import { planQueries, type Statement, send, statementOf } from "./postgres-queries.ts";

/** What is used here of a Hyperdrive binding. */
export type Hyperdrive = Readonly<{ connectionString: string }>;

/** Whose connection it is that a statement goes over. */
export type Connections = Readonly<{
  current: () => Sql;
  /** Runs `work` with a connection of its own. The runtime ends it with the request: the driver's own way is an error there. */
  within: (hyperdrive: Hyperdrive, work: () => Promise<void>) => Promise<void>;
}>;

const CONNECT_SECONDS = 3;
/** How often writes are tried anew after the server undid them for other transactions' sake. */
const TRIES = 5;
/** Taken in shared mode by every transaction that may append audit events, as in the engine for Node. */
const APPENDING = "7165063341846424426";
const BEFORE_APPENDING: Statement = { text: `select pg_advisory_xact_lock_shared(${APPENDING})`, parameters: [] };
const HORIZON: Statement = { text: "select coalesce(max(id), 0) from audit_events", parameters: [] };
const READ: Statement = { text: "select value from counters where id = 'fresh'", parameters: [] };
const COUNT: Statement = {
  text: "insert into counters (id, value) values ('fresh', 1) on conflict (id) do update set value = counters.value + 1 returning value",
  parameters: [],
};

/**
 * PostgreSQL from a Worker, through Hyperdrive, which keeps the connections to the server; the schema has to be migrated
 * already. Every statement waits for the server's disk: what is answered is durable.
 */
export function openHyperdrive(current: Connections["current"]): Engine {
  const db = drizzle.mock({ schema });
  planQueries(db, (statement) => run(current(), statement));
  return {
    // The builders have the same methods for every engine; that rows have the same types, the parity test checks.
    db: db as unknown as Db,
    tables: schema as unknown as Tables,
    atomically: async (writes) => {
      const statements = writes.map(({ query, values }) => statementOf(query, values));
      if (statements.length > 0) await writeTogether(current(), statements);
    },
    committed: async () => undefined,
    eventHorizon: () => eventHorizon(current()),
    isUniqueViolation,
    isOutage,
    close: async () => undefined,
  };
}

/** A socket of a Worker's belongs to one request: each has a connection of its own, made when it first needs one. */
export function connectionPerRequest(): Connections {
  const held = new AsyncLocalStorage<Sql>();
  return {
    current() {
      const connection = held.getStore();
      if (connection === undefined) throw new Error("the database is used outside of a request");
      return connection;
    },
    within: (hyperdrive, work) => held.run(connect(hyperdrive), work),
  };
}

/** Made when it is first needed. Hyperdrive speaks TLS to the server itself. */
function connect({ connectionString }: Hyperdrive): Sql {
  return postgres(connectionString, {
    max: 1,
    connect_timeout: CONNECT_SECONDS,
    fetch_types: false,
    onnotice: () => undefined,
  });
}

/** Whether what was just written is read back. Hyperdrive keeps answers for a minute unless it is told not to. */
export async function isFresh(run: (statement: Statement) => Promise<readonly unknown[][]>): Promise<boolean> {
  await run(READ);
  const [counted] = await run(COUNT);
  const [read] = await run(READ);
  // Others may have counted on meanwhile.
  return Number(read?.[0]) >= Number(counted?.[0]);
}

/** One statement, autocommitted. The server undoing it for another's sake means that it was not carried out. */
async function run(connection: Sql, statement: Statement): Promise<readonly unknown[][]> {
  try {
    return await send(connection, statement);
  } catch (error) {
    if (isUndone(error)) return run(connection, statement);
    throw error;
  }
}

/** One transaction, its statements sent without waiting for one another's answers. */
async function writeTogether(connection: Sql, statements: readonly Statement[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await connection.begin((transaction) =>
        Promise.all([BEFORE_APPENDING, ...statements].map((statement) => send(transaction, statement))),
      );
      return;
    } catch (error) {
      if (tries === TRIES || !isUndone(error)) throw error;
    }
  }
}

/** As in the engine for Node: once the lock can be had alone, every id drawn so far is visible or will never be. */
function eventHorizon(connection: Sql): Promise<number> {
  return connection.begin(async (transaction) => {
    await transaction.unsafe(`select pg_advisory_xact_lock(${APPENDING})`);
    const [row] = await send(transaction, HORIZON);
    return Number(row?.[0]);
  });
}
