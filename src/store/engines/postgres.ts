import { drizzle } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import type { Db, Engine, Tables } from "../engine.ts";
import * as schema from "../schema.postgres.ts";
import { type Batches, batchWrites } from "./postgres-batches.ts";
import { isOutage, isUndone, isUniqueViolation, OutageError } from "./postgres-faults.ts";
import { migratePostgres } from "./postgres-migrations.ts";
import { planQueries, type Statement, send, statementOf } from "./postgres-queries.ts";

export type PostgresOptions = Readonly<{
  /** `postgres://…`; without `sslmode` a server that is not this machine has to prove who it is (`verify-full`). */
  url: string;
  migrationsFolder: string;
  /** Connections for statements that decide or read; two more carry the transactions. Default 8. */
  connections?: number;
}>;

const CONNECTIONS = 8;
const TRANSACTIONS = 2;
const CONNECT_SECONDS = 3;
/** Between two tries to connect: an outage is over as soon as the database is back. */
const RECONNECT_SECONDS = 0.25;
/** Longer than any of the server's own limits below: then the connection hangs. */
const DEADLINE_MS = 6_000;
/** The server's limits in milliseconds: a statement of ours takes less than one. */
const LIMITS = { statement_timeout: 5_000, lock_timeout: 3_000, idle_in_transaction_session_timeout: 10_000 };

/** Taken in shared mode by every transaction that may append audit events: see `eventHorizon`. */
const APPENDING = "7165063341846424426";
const BEFORE_APPENDING: Statement = { text: `select pg_advisory_xact_lock_shared(${APPENDING})`, parameters: [] };
/** Changes nothing; as a transaction of its own it waits for the log to be on disk up to itself. */
const FLUSH: Statement = {
  text: "insert into counters (id, value) values ('flush', 0) on conflict (id) do update set value = counters.value",
  parameters: [],
};

/**
 * PostgreSQL over postgres.js, migrated. Statements that decide are one round trip each and do not wait for the disk;
 * the transaction that ends a request does, and with it everything written to the log before it, so what an answer rests
 * on is durable when `committed` resolves. Throws when the database cannot be reached or migrated.
 */
export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  await withClient(options.url, (client) => migratePostgres(client, options.migrationsFolder));
  const deciding = connect(options.url, { connections: options.connections ?? CONNECTIONS, isDurable: false });
  const durable = connect(options.url, { connections: TRANSACTIONS, isDurable: true });
  const batches = batchWrites(durable, BEFORE_APPENDING);
  const log = watchLog(batches);
  const db = drizzle({ client: deciding, schema });
  planQueries(db, (statement) => run(deciding, log, statement));
  return {
    // The builders have the same methods for every engine; that rows have the same types, the parity test checks.
    db: db as unknown as Db,
    tables: schema as unknown as Tables,
    atomically: (writes) => log.write(writes.map(({ query, values }) => statementOf(query, values))),
    committed: log.committed,
    eventHorizon: () => eventHorizon(durable),
    isUniqueViolation,
    isOutage,
    close: async () => {
      await batches.idle();
      await Promise.all([deciding.end({ timeout: 5 }), durable.end({ timeout: 5 })]);
    },
  };
}

/** A connection of its own for as long as the work takes, without limits of time. */
async function withClient<T>(url: string, work: (client: Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { ...driverOptions(url), max: 1 });
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}

function connect(url: string, { connections, isDurable }: Readonly<{ connections: number; isDurable: boolean }>): Sql {
  return postgres(url, {
    ...driverOptions(url),
    max: connections,
    connection: {
      application_name: "countersign",
      ...LIMITS,
      synchronous_commit: isDurable ? "on" : "off",
    },
  });
}

function driverOptions(url: string) {
  return {
    ...(needsProof(url) ? { ssl: "verify-full" as const } : {}),
    connect_timeout: CONNECT_SECONDS,
    backoff: () => RECONNECT_SECONDS,
    fetch_types: false,
    onnotice: () => undefined,
  };
}

/** Whether the server is another machine and the URL does not say how far it is to be believed. */
function needsProof(url: string): boolean {
  const { hostname, searchParams } = new URL(url);
  const isHere = ["", "localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.startsWith("%2F");
  return !isHere && !searchParams.has("sslmode") && !searchParams.has("ssl");
}

type Log = Readonly<{
  write: (statements: readonly Statement[]) => Promise<void>;
  committed: () => Promise<void>;
  /** Notes that something was committed without waiting for the disk. */
  noteUnflushed: () => void;
}>;

/**
 * Knows whether the server's log may hold commits of ours that are not on disk. The log is written in order: a
 * transaction that waits for the disk brings all commits before it there as well.
 */
function watchLog(batches: Batches): Log {
  let written = 0;
  let flushed = 0;
  const write = async (statements: readonly Statement[]) => {
    const upTo = written;
    await batches.write(statements);
    flushed = Math.max(flushed, upTo);
  };
  return {
    write,
    async committed() {
      if (flushed < written) await write([FLUSH]);
    },
    noteUnflushed() {
      written += 1;
    },
  };
}

/** One statement, autocommitted. The server undoing it for another's sake means that it was not carried out. */
async function run(client: Sql, log: Log, statement: Statement): Promise<readonly unknown[][]> {
  try {
    const rows = await withDeadline(send(client, statement));
    if (!statement.text.startsWith("select")) log.noteUnflushed();
    return rows;
  } catch (error) {
    if (isUndone(error)) return run(client, log, statement);
    throw error;
  }
}

type Pending = ReturnType<typeof send>;

/** A connection that hangs, or a queue for one that never comes, must not hold a request for ever. */
function withDeadline(query: Pending): Promise<readonly unknown[][]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new OutageError("DEADLINE"));
      query.cancel();
    }, DEADLINE_MS);
    query.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * The id up to which the audit log has no gaps that could still fill. Ids are drawn before their rows can be seen, so a
 * reader that goes by the last id could pass over one that is committed later. Whoever appends holds a lock together with
 * the other writers; once it can be had alone, every id drawn so far is visible or will never be.
 */
async function eventHorizon(client: Sql): Promise<number> {
  return client.begin(async (transaction) => {
    await transaction.unsafe(`select pg_advisory_xact_lock(${APPENDING})`);
    const [row] = await transaction.unsafe("select coalesce(max(id), 0) as horizon from audit_events");
    return Number(row?.horizon);
  });
}
