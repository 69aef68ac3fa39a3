import postgres, { type Options, type PostgresType, type Sql } from "postgres";
import { OutageError } from "./postgres-faults.ts";
import { type Rows, type Statement, send } from "./postgres-queries.ts";

/** Connections that outlive any one of them. */
export type Pool = Readonly<{
  /** One statement, autocommitted, on whichever connection is free. */
  run: (statement: Statement) => Promise<Rows>;
  /** The types of a statement's parameters, by their numbers in the server's catalogue. */
  describe: (text: string) => Promise<readonly number[]>;
  /** A transaction: `work` sends its statements. Commits when it resolves, and undoes everything when it rejects. */
  transact: <T>(work: (send: (statement: Statement) => Promise<Rows>) => Promise<T>) => Promise<T>;
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
    transact(work) {
      const client = current;
      return within(client, transact(client, work));
    },
    async close() {
      isClosed = true;
      await current.end({ timeout: CLOSE_SECONDS });
    },
  };
}

type Work<T> = (send: (statement: Statement) => Promise<Rows>) => Promise<T>;

/**
 * Rejects at once with what a lost connection rejected its statements with, and lets the driver's own transaction hang:
 * it would send a rollback over the socket that is gone.
 */
function transact<T>(client: Sql, work: Work<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const run = async (sendNext: Parameters<Work<T>>[0]) => {
    try {
      return await work(sendNext);
    } catch (error) {
      reject(error);
      if (!isAnswered(error)) await new Promise<never>(() => undefined);
      throw error;
    }
  };
  // The driver's type for what the work returns unwraps lists of promises, which this is not.
  const outcome = client.begin((transaction) => run((statement) => send(transaction, statement))) as Promise<T>;
  outcome.then(resolve, reject);
  return promise;
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
