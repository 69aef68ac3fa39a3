import postgres, { type Options, type PostgresType, type Sql } from "postgres";
import { OutageError } from "./postgres-faults.ts";
import { type Rows, type Statement, send } from "./postgres-queries.ts";

/** Connections that outlive any one of them. */
export type Pool = Readonly<{
  /** One statement, autocommitted, on whichever connection is free. */
  run: (statement: Statement) => Promise<Rows>;
  /** The types of a statement's parameters, by their numbers in the server's catalogue. */
  describe: (text: string) => Promise<readonly number[]>;
  /** The statements in one transaction, all or none, in one round trip; answers with the rows of each. */
  transact: (statements: readonly Statement[]) => Promise<readonly Rows[]>;
  close: () => Promise<void>;
}>;

export type PoolOptions = Readonly<{ connections: number; isDurable: boolean }>;

const CONNECT_SECONDS = 3;
/** What runs on the connections left behind may still end well. */
const GRACE_SECONDS = 1;
const CLOSE_SECONDS = 5;
/** Longer than any of the server's own limits below: then the connection hangs. */
const DEADLINE_MS = 6_000;
/** The server's limits in milliseconds: a statement of ours takes less than one. */
const LIMITS = { statement_timeout: 5_000, lock_timeout: 3_000, idle_in_transaction_session_timeout: 10_000 };

/** A plan made while a table was small is kept: it has to fit the table that this one will be. */
const PLANS = { enable_hashjoin: "off", enable_mergejoin: "off", jit: "off" };

/**
 * Opens connections as they are needed. The driver's own way of coming back after a loss is not used: it keeps what it
 * had not sent yet. Whenever a connection is lost or hangs, the whole set is left behind, and what comes next gets a new
 * one, so that an outage ends for us when it ends for the database. Nothing is sent twice.
 */
export function openPool(url: string, options: PoolOptions): Pool {
  let isClosed = false;
  let current = connect();

  function connect(): Sql {
    const client = postgres(url, {
      ...driverOptions(url),
      max: options.connections,
      // A connection that fetches no types is never handed out for a transaction (postgres.js 3.4.9, `reserve`).
      fetch_types: true,
      connection: {
        application_name: "countersign",
        idle_session_timeout: 0,
        ...LIMITS,
        ...PLANS,
        synchronous_commit: options.isDurable ? "on" : "off",
      },
      onclose: () => leave(client),
    });
    return client;
  }

  function leave(client: Sql): void {
    if (isClosed || client !== current) return;
    current = connect();
    void client.end({ timeout: GRACE_SECONDS });
  }

  /** What hangs must not hold a request for ever. */
  function within<T>(client: Sql, result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new OutageError("DEADLINE"));
        leave(client);
      }, DEADLINE_MS);
      result.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  return {
    run(statement) {
      const client = current;
      return within(client, send(client, statement));
    },
    async describe(text) {
      const client = current;
      const { types } = await within(client, client.unsafe(text).describe());
      return types;
    },
    transact(statements) {
      const client = current;
      return within(client, transact(client, statements));
    },
    async close() {
      isClosed = true;
      await current.end({ timeout: CLOSE_SECONDS });
    },
  };
}

/**
 * Everything from begin to commit is sent without waiting for an answer in between: after a statement that the server
 * refuses it refuses the others as well, and makes a rollback of the commit. Rejects with the first refusal, or at once
 * with the loss of the connection, which is then not used again.
 */
async function transact(client: Sql, statements: readonly Statement[]): Promise<readonly Rows[]> {
  // The driver would refuse it, and send the others.
  if (statements.some(({ parameters }) => parameters.includes(undefined))) {
    throw new TypeError("a statement has a parameter without a value");
  }
  const connection = await client.reserve();
  const sent = statements.map((statement) => send(connection, statement));
  const answers = [connection.unsafe("begin"), ...sent, connection.unsafe("commit")];
  const lost = new Promise<never>((_, reject) => {
    // The driver sends each once it is asked for its answer, in this order.
    for (const answer of answers) answer.catch((error: unknown) => isAnswered(error) || reject(error));
  });
  const outcomes = await Promise.race([Promise.allSettled(answers), lost]);
  connection.release();
  const refused = outcomes.find((outcome) => outcome.status === "rejected");
  if (refused !== undefined) throw refused.reason;
  return Promise.all(sent);
}

/** Whether the server answered, so that the connection still stands. */
function isAnswered(error: unknown): boolean {
  return error instanceof Error && error.name === "PostgresError";
}

/** A connection of its own for as long as the work takes, without limits of time. */
export async function withClient<T>(url: string, work: (client: Sql) => Promise<T>): Promise<T> {
  const client = postgres(url, { ...driverOptions(url), max: 1 });
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: CLOSE_SECONDS });
  }
}

export function driverOptions(url: string): Options<Record<string, PostgresType>> {
  return {
    ...(needsProof(url) ? { ssl: "verify-full" as const } : {}),
    connect_timeout: CONNECT_SECONDS,
    max_lifetime: null,
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
