import postgres from "postgres";
import { expect, test } from "vitest";
import { isFresh } from "../../src/store/engines/hyperdrive.ts";
import { send } from "../../src/store/engines/postgres-queries.ts";
import { openPostgresServer } from "../support/postgres-server.ts";
import { openWorkerPostgres } from "../support/worker-postgres.ts";
import { runWorker } from "../support/worker-program.ts";
import { describePeople } from "./people.ts";

describePeople("PostgreSQL through Hyperdrive", async (settings) => runWorker(settings, await openWorkerPostgres()));

test("a database whose answers are kept by something in between is noticed", async () => {
  const server = await openPostgresServer();
  const client = postgres(await server.createDatabase(), { max: 1 });
  await client.unsafe("create table counters (id text primary key, value bigint not null)");
  const ask: Run = (statement) => send(client, statement);
  expect(await isFresh(ask)).toBe(true);
  expect(await isFresh(ask)).toBe(true);
  expect(await isFresh(withCache(ask))).toBe(false);
  await client.end();
  await server.close();
});

type Run = Parameters<typeof isFresh>[0];

/** Keeps the answers to reading statements, as Hyperdrive does unless it is told not to. */
function withCache(ask: Run): Run {
  const kept = new Map<string, ReturnType<Run>>();
  return (statement) => {
    const answer = kept.get(statement.text) ?? ask(statement);
    if (statement.text.startsWith("select")) kept.set(statement.text, answer);
    return answer;
  };
}
