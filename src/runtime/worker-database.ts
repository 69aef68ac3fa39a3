import { ConfigError } from "../domain/config-error.ts";
import type { Engine } from "../store/engine.ts";
import { openD1 } from "../store/engines/d1.ts";
import type { D1Client } from "../store/engines/d1-queries.ts";
import { connectionPerRequest, type Hyperdrive, isFresh, openHyperdrive } from "../store/engines/hyperdrive.ts";
import { send } from "../store/engines/postgres-queries.ts";

/** The database that wrangler's configuration binds: one of the two. */
export type DatabaseBindings = Readonly<{ DB?: D1Client; HYPERDRIVE?: Hyperdrive }>;

const connections = connectionPerRequest();

/** Everything that touches the database happens within: PostgreSQL's connection lasts as long as the work. */
export function withDatabase({ HYPERDRIVE }: DatabaseBindings, work: () => Promise<void>): Promise<void> {
  return HYPERDRIVE ? connections.within(HYPERDRIVE, work) : work();
}

/** The engine over the bound database; throws ConfigError when none or both are bound, or its answers may be old. */
export async function openDatabase({ DB, HYPERDRIVE }: DatabaseBindings): Promise<Engine> {
  if (DB && HYPERDRIVE) throw new ConfigError("Both DB and HYPERDRIVE are bound: which of them holds the data?");
  if (DB) return openD1(DB);
  if (!HYPERDRIVE) throw new ConfigError("No database is bound: neither DB nor HYPERDRIVE.");
  if (!(await isFresh((statement) => send(connections.current(), statement)))) {
    throw new ConfigError("Hyperdrive answers from its cache: make it with --caching-disabled.");
  }
  return openHyperdrive(connections.current);
}
