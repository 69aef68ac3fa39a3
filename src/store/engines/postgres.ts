import { drizzle } from "drizzle-orm/postgres-js";
import type { Db, Engine, Tables } from "../engine.ts";
import * as schema from "../schema.postgres.ts";
import { type Batches, batchWrites } from "./postgres-batches.ts";
import { type Bulks, knowBulks } from "./postgres-bulk.ts";
import { isOutage, isUndone, isUniqueViolation } from "./postgres-faults.ts";
import { gatherStatements } from "./postgres-gather.ts";
import { migratePostgres } from "./postgres-migrations.ts";
import { openPool, type Pool, withClient } from "./postgres-pool.ts";
import { planQueries, type Rows, type Statement, statementOf } from "./postgres-queries.ts";
import { openWitness, type Witness } from "./postgres-witness.ts";

export type PostgresOptions = Readonly<{
  /** `postgres://…`; without `sslmode` a server that is not this machine has to prove who it is (`verify-full`). */
  url: string;
  migrationsFolder: string;
  /** Connections for statements that decide or read; two more carry the transactions. Default 8. */
  connections?: number;
}>;

const CONNECTIONS = 8;
const TRANSACTIONS = 2;

/** Taken in shared mode by every transaction that may append audit events: see `eventHorizon`. */
const APPENDING = "7165063341846424426";
/** Changes nothing; as a transaction of its own it waits for the log to be on disk up to itself. */
const FLUSH: Statement = {
  text: "insert into counters (id, value) values ('flush', 0) on conflict (id) do update set value = counters.value",
  parameters: [],
};
const APPEND = 'insert into "audit_events" ';
const EVERYBODY_ELSE: Statement = { text: `select pg_advisory_xact_lock(${APPENDING})`, parameters: [] };
const HORIZON: Statement = { text: "select coalesce(max(id), 0) from audit_events", parameters: [] };

/**
 * PostgreSQL over postgres.js, migrated. Statements that decide are one round trip each and do not wait for the disk;
 * the transaction that ends a request does, and with it everything written to the log before it, so what an answer rests
 * on is durable when `committed` resolves. Throws when the database cannot be reached or migrated.
 */
export async function openPostgres({
  url,
  migrationsFolder,
  connections = CONNECTIONS,
}: PostgresOptions): Promise<Engine> {
  await withClient(url, (client) => migratePostgres(client, migrationsFolder));
  const witness = await openWitness(url, APPENDING);
  const deciding = openPool(url, { connections, isDurable: false });
  const durable = openPool(url, { connections: TRANSACTIONS, isDurable: true });
  const bulks = knowBulks(deciding.describe);
  const batches = batchWrites((statements) => transact(durable, witness, appendTogether(statements, bulks)));
  const log = watchLog(batches);
  const db = drizzle.mock({ schema });
  const decide = gatherStatements((statement) => run(deciding, log, statement), bulks);
  planQueries(db, async (statement) => {
    witness.ensure();
    return decide(statement);
  });
  return {
    // The builders have the same methods for every engine; that rows have the same types, the parity test checks.
    db: db as unknown as Db,
    tables: schema as unknown as Tables,
    atomically: (writes) => log.write(writes.map(({ query, values }) => statementOf(query, values))),
    committed: log.committed,
    eventHorizon: () => eventHorizon(durable),
    incarnation: witness.incarnation,
    isUniqueViolation,
    isOutage,
    close: async () => {
      await batches.idle();
      await Promise.all([deciding.close(), durable.close(), witness.close()]);
    },
  };
}

/** All or none, and only as long as the server has forgotten nothing. */
async function transact(pool: Pool, witness: Witness, statements: readonly Statement[]): Promise<void> {
  const watch = witness.watch();
  try {
    await pool.transact([watch.statement, ...statements]);
  } catch (error) {
    throw watch.explain(error);
  }
}

/** Audit events of one transaction in one statement: nothing else in it looks at them. */
function appendTogether(statements: readonly Statement[], bulks: Bulks): readonly Statement[] {
  const appends = statements.filter(({ text }) => text.startsWith(APPEND));
  const [first] = appends;
  const bulk = appends.length > 1 && first && bulks.of(first);
  if (!bulk) return statements;
  const parameters = bulk.parametersOf(appends.map((append) => append.parameters));
  return [...statements.filter(({ text }) => !text.startsWith(APPEND)), { text: bulk.text, parameters }];
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
async function run(pool: Pool, log: Log, statement: Statement): Promise<Rows> {
  try {
    const rows = await pool.run(statement);
    if (!statement.text.startsWith("select")) log.noteUnflushed();
    return rows;
  } catch (error) {
    if (isUndone(error)) return run(pool, log, statement);
    throw error;
  }
}

/**
 * The id up to which the audit log has no gaps that could still fill. Ids are drawn before their rows can be seen, so a
 * reader that goes by the last id could pass over one that is committed later. Whoever appends holds a lock together with
 * the other writers; once it can be had alone, every id drawn so far is visible or will never be.
 */
async function eventHorizon(pool: Pool): Promise<number> {
  const rows = await pool.transact([EVERYBODY_ELSE, HORIZON]);
  return Number(rows.at(-1)?.[0]?.[0]);
}
