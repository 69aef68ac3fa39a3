import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "../../src/store/engines/postgres-pool.ts";
import type { Statement } from "../../src/store/engines/postgres-queries.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

let server: PostgresServer;
let url: string;
let pool: Pool;

beforeAll(async () => {
  server = await openPostgresServer();
  url = await server.createDatabase();
  pool = openPool(url, { connections: 2, isDurable: true });
  await pool.transact([{ text: "create table things (id int primary key)", parameters: [] }]);
});
afterEach(() => pool.transact([{ text: "delete from things", parameters: [] }]));
afterAll(async () => {
  await pool.close();
  await server.close();
});

const insert = (id: unknown): Statement => ({
  text: "insert into things (id) values ($1) returning id",
  parameters: [id],
});
const stored = async () => (await pool.transact([{ text: "select id from things", parameters: [] }]))[0];

describe("a transaction in one round trip", () => {
  test("gives the rows of each statement, in order", async () => {
    expect(await pool.transact([insert(1), insert(2)])).toEqual([[[1]], [[2]]]);
    expect(await stored()).toEqual([[1], [2]]);
  });

  test("is undone whole when the server refuses a statement, and rejects with that refusal", async () => {
    await expect(pool.transact([insert(1), insert(1), insert(2)])).rejects.toMatchObject({ code: "23505" });
    expect(await stored()).toEqual([]);
  });

  test("is undone whole when the server refuses the commit", async () => {
    const deferred = "create table later (id int unique deferrable initially deferred)";
    await pool.transact([{ text: deferred, parameters: [] }]);
    const add: Statement = { text: "insert into later (id) values (1)", parameters: [] };
    await expect(pool.transact([insert(1), add, add])).rejects.toMatchObject({ code: "23505" });
    expect(await stored()).toEqual([]);
  });

  test("is not begun with a value missing", async () => {
    await expect(pool.transact([insert(1), insert(undefined)])).rejects.toThrow("a parameter without a value");
    expect(await stored()).toEqual([]);
  });

  test("works on connections that do not wait for the disk as well, from the first one on", async () => {
    const other = openPool(url, { connections: 1, isDurable: false });
    expect(await other.transact([insert(1)])).toEqual([[[1]]]);
    await other.close();
  });

  test("many at once wait for a connection, and none mixes with another", async () => {
    const pairs = Array.from({ length: 30 }, (_, index) => [
      insert(2 * index),
      insert(2 * index + (index % 3 === 0 ? 0 : 1)),
    ]);
    const outcomes = await Promise.allSettled(pairs.map((pair) => pool.transact(pair)));
    expect(outcomes.map(({ status }) => status)).toEqual(
      pairs.map((_, index) => (index % 3 === 0 ? "rejected" : "fulfilled")),
    );
    const kept = pairs.flatMap((_, index) => (index % 3 === 0 ? [] : [2 * index, 2 * index + 1]));
    expect((await stored())?.flat().sort((a, b) => Number(a) - Number(b))).toEqual(kept);
  });
});
