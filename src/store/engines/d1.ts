import { drizzle } from "drizzle-orm/d1";
import type { Db, Engine, PreparedWrite } from "../engine.ts";
import * as schema from "../schema.sqlite.ts";
import { boundStatement, type D1Client, planQueries } from "./d1-queries.ts";

/**
 * Cloudflare D1: SQLite behind one writer, whose answer to a statement means that it is durable. The database has to be
 * migrated already; migrations are applied from outside, by `wrangler d1 migrations apply`.
 */
export function openD1(client: D1Client): Engine {
  const db = drizzle(client, { schema });
  planQueries(db, (statement) => named(statement.raw()));
  return {
    // The builders have the same methods for every engine.
    db: db as unknown as Db,
    tables: schema,
    atomically: (writes) => writeTogether(client, writes),
    committed: async () => undefined,
    isUniqueViolation: (error) => codeOf(error) === UNIQUE || codeOf(error) === PRIMARY_KEY,
    isOutage: (error) => codeOf(error) !== undefined,
    close: async () => undefined,
  };
}

/** A statement that D1 did not carry out. Has no cause: D1's own text is about SQL, and not for a log. */
class D1Error extends Error {
  /** SQLite's code where it was SQLite that refused, such as `SQLITE_CONSTRAINT_UNIQUE`; else `D1_ERROR`. */
  readonly code: string;

  constructor(code: string) {
    super("D1 did not carry out a statement");
    this.name = "D1Error";
    this.code = code;
  }
}

const [UNIQUE, PRIMARY_KEY] = ["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"];
/** How D1 spells a code: at the end of its message, the more exact one in brackets. */
const CODE = /(SQLITE_[A-Z0-9_]+)\)?$/;

/** A batch is a transaction: when a statement fails, those before it are undone and those after it not run. */
async function writeTogether(client: D1Client, writes: readonly PreparedWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await named(client.batch(writes.map(({ query, values }) => boundStatement(query, values))));
}

/** D1's failures as errors with a code: it tells them apart by their text only. */
async function named<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new D1Error(CODE.exec(error instanceof Error ? error.message : "")?.[1] ?? "D1_ERROR");
  }
}

/** The code of the error, or of what caused it. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof D1Error) return error.code;
  return error instanceof Error ? codeOf(error.cause) : undefined;
}
