import postgres from "postgres";
import { expect, test, vi } from "vitest";
import { isFresh } from "../../src/store/engines/hyperdrive.ts";
import { send } from "../../src/store/engines/postgres-queries.ts";
import { openPostgresServer } from "../support/postgres-server.ts";
import { openWorkerPostgres } from "../support/worker-postgres.ts";
import { runWorker } from "../support/worker-program.ts";
import { describePeople } from "./people.ts";

describePeople("PostgreSQL through Hyperdrive", async (settings) => runWorker(settings, await openWorkerPostgres()));

test("a request's connection ends with it", async () => {
  const worker = await runWorker({}, await openWorkerPostgres());
  const connections = async () => {
    const [row] = await worker.query(
      "select count(*) as n from pg_stat_activity where application_name = 'postgres.js'",
    );
    return Number(row?.n);
  };
  const ready = await Promise.all(Array.from({ length: 40 }, () => worker.app.request("/health/ready")));
  expect(ready.every(({ status }) => status === 200)).toBe(true);
  // The one that asks is among them.
  await vi.waitFor(async () => expect(await connections()).toBeLessThanOrEqual(1), { timeout: 60_000, interval: 200 });
  expect(worker.log().filter((line) => line.includes("Uncaught"))).toEqual([]);
  await worker.stop();
}, 180_000);

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
