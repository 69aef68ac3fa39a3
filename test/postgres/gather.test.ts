import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Store } from "../../src/ports/store.ts";
import { createStore } from "../../src/store/create-store.ts";
import type { Engine } from "../../src/store/engine.ts";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import { bulkOf, knowBulks } from "../../src/store/engines/postgres-bulk.ts";
import { gatherStatements } from "../../src/store/engines/postgres-gather.ts";
import { planQueries, type Rows, type Statement, send } from "../../src/store/engines/postgres-queries.ts";
import * as schema from "../../src/store/schema.postgres.ts";
import { fresh, NOW, OPEN_BUDGET, pendingTotp } from "../contract/fixtures.ts";
import { openPostgresServer, type PostgresServer } from "../support/postgres-server.ts";

const MIGRATIONS = fileURLToPath(new URL("../../drizzle/postgres", import.meta.url));
const MANY = 50;
const OPEN = { lane: "open", method: "totp", nowMs: NOW } as const;

let server: PostgresServer;
let client: Sql;
let store: Store;
let closeStore: () => Promise<void>;
/** What went to the server. */
let sent: Statement[] = [];

beforeAll(async () => {
  server = await openPostgresServer();
  const url = await server.createDatabase();
  const migrated = createStore(await openPostgres({ url, migrationsFolder: MIGRATIONS }));
  await migrated.close();
  client = postgres(url, { fetch_types: false, max: 4 });
  store = createStore(engineOver(gatherStatements(run, knowBulks(describeText))));
  closeStore = () => client.end();
  // Every text's bulk form is worked out at its first use.
  await store.guessBudgets.take({ ...OPEN, subjectLookup: fresh("lookup"), mark: "000000" }, OPEN_BUDGET);
  await store.subjects.find(fresh("lookup"));
  await store.authenticators.rename(fresh("au"), fresh("lookup"), "Phone");
  await vi.waitUntil(() => describedTexts.size >= 3);
});
afterAll(async () => {
  await closeStore();
  await server.close();
});

const describedTexts = new Set<string>();

async function describeText(text: string): Promise<readonly number[]> {
  const { types } = await client.unsafe(text).describe();
  setImmediate(() => describedTexts.add(text));
  return types;
}

async function run(statement: Statement): Promise<Rows> {
  sent.push(statement);
  return send(client, statement);
}

/** Only what decides and reads: writes for later run one by one. */
function engineOver(decide: (statement: Statement) => Promise<Rows>): Engine {
  const db = drizzle.mock({ schema });
  planQueries(db, decide);
  return {
    db,
    tables: schema,
    atomically: async (
      writes: readonly { query: { execute: (values: unknown) => PromiseLike<unknown> }; values: unknown }[],
    ) => {
      for (const { query, values } of writes) await query.execute(values);
    },
    committed: async () => undefined,
    close: async () => undefined,
    isUniqueViolation: () => false,
    isOutage: () => false,
  } as unknown as Engine;
}

/** What goes to the server meanwhile. */
async function sentBy<T>(work: () => Promise<T>): Promise<Readonly<{ result: T; texts: readonly string[] }>> {
  sent = [];
  const result = await work();
  return { result, texts: sent.map(({ text }) => text) };
}

function many<T>(each: (index: number) => Promise<T>, count = MANY): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => each(index)));
}

describe("statements of the same text that are handed in together", () => {
  test("are one statement for reads, each with its own rows", async () => {
    const subjects = await many(async (index) => ({
      lookup: fresh("lookup"),
      realmId: "default",
      userHandle: `handle ${index}`,
      createdAtMs: NOW + index,
    }));
    await store.atomically(subjects.filter((_, index) => index % 2 === 0).map(store.subjects.ensure));
    const { result, texts } = await sentBy(() => many((index) => store.subjects.find(subjects[index]?.lookup ?? "")));
    expect(texts).toHaveLength(1);
    expect(result).toEqual(subjects.map((subject, index) => (index % 2 === 0 ? subject : undefined)));
  });

  test("are one statement for changes of different rows, whether the rows exist or not", async () => {
    const lookups = await many(async () => fresh("lookup"));
    const take = async (index: number, mark: string) =>
      store.guessBudgets.take({ ...OPEN, subjectLookup: lookups[index] ?? "", mark }, OPEN_BUDGET);
    for (let index = 0; index < MANY; index += 2) await take(index, "000001");
    const { result, texts } = await sentBy(() => many((index) => take(index, "000002")));
    expect(texts).toHaveLength(1);
    expect(result).toEqual(lookups.map((_, index) => (index % 2 === 0 ? 2 : 1)));
  });

  test("are one statement for right codes, used ones and wrong ones", async () => {
    const lookups = await many(async () => fresh("lookup"));
    for (const subjectLookup of lookups)
      await store.guessBudgets.rememberCodes({ subjectLookup, authenticatorId: `au_${subjectLookup}`, step: 100 });
    const { result, texts } = await sentBy(() =>
      many(async (index) => {
        const subjectLookup = lookups[index] ?? "";
        const code = { authenticatorId: `au_${subjectLookup}`, step: index % 3 === 0 ? 101 : 100 };
        const guess = { ...OPEN, subjectLookup, mark: "000004" };
        return store.guessBudgets.take(guess, OPEN_BUDGET, index % 3 === 2 ? undefined : code);
      }),
    );
    expect(texts).toHaveLength(1);
    expect(result).toEqual(lookups.map((_, index) => (index % 3 === 0 ? 0 : 1)));
  });

  test("never share a statement when they change the same row, and all are counted", async () => {
    const subjectLookup = fresh("lookup");
    const policy = { ...OPEN_BUDGET, freeInRow: 1000, suspendInRow: 1000, perDay: 8, perMonth: 100 };
    const taken = await many(async (index) =>
      store.guessBudgets.take({ ...OPEN, subjectLookup, mark: String(index).padStart(6, "0") }, policy),
    );
    expect(taken.filter((inRow) => inRow !== undefined).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("are refused each for itself", async () => {
    const shut = fresh("lookup");
    const policy = { ...OPEN_BUDGET, freeInRow: 1000, suspendInRow: 1000, perDay: 1, perMonth: 100 };
    const take = async (subjectLookup: string) =>
      store.guessBudgets.take({ ...OPEN, subjectLookup, mark: "000003" }, policy);
    await take(shut);
    expect(await many((index) => take(index === 7 ? shut : fresh("lookup")))).toEqual(
      Array.from({ length: MANY }, (_, index) => (index === 7 ? undefined : 1)),
    );
  });

  test("keep values as they are, whatever is in them", async () => {
    const labels = ['"quoted"', "back\\slash", "{brace,comma}", "line\nbreak", "NULL", "", " ", "ключ 🔑", '\\"', "$1"];
    const subjectLookup = fresh("lookup");
    const rows = labels.map(() => pendingTotp({ subjectLookup }));
    await store.atomically(rows.map(store.authenticators.insertPending));
    for (const { id } of rows)
      await store.authenticators.activateTotp(id, { label: "Phone", step: 1, stepsInBudget: false }, NOW);
    const { texts } = await sentBy(() =>
      Promise.all(rows.map(({ id }, index) => store.authenticators.rename(id, subjectLookup, labels[index] ?? ""))),
    );
    expect(texts).toHaveLength(1);
    const named = new Map((await store.authenticators.listActive(subjectLookup)).map(({ id, label }) => [id, label]));
    expect(rows.map(({ id }) => named.get(id))).toEqual(labels);
  });

  test("run one by one when the server refuses them together", async () => {
    const texts: string[] = [];
    const refusing = async (statement: Statement): Promise<Rows> => {
      texts.push(statement.text);
      if (statement.text === "together") throw Object.assign(new Error("no"), { name: "PostgresError", code: "23505" });
      if (statement.parameters[0] === 1) throw new Error("its own fault");
      return [[statement.parameters[0]]];
    };
    const gather = gatherStatements(refusing, { of: () => TOGETHER });
    const ends = await Promise.allSettled([0, 1, 2].map((id) => gather({ text: "one", parameters: [id] })));
    expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(texts).toEqual(["together", "one", "one", "one"]);
  });

  test("all fail when nobody knows whether they were carried out, and none is sent again", async () => {
    const texts: string[] = [];
    const lost = async ({ text }: Statement): Promise<Rows> => {
      texts.push(text);
      throw Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" });
    };
    const gather = gatherStatements(lost, { of: () => TOGETHER });
    const ends = await Promise.allSettled([0, 1, 2].map((id) => gather({ text: "one", parameters: [id] })));
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(texts).toEqual(["together"]);
  });
});

const TOGETHER = { text: "together", parametersOf: () => [], keyIndex: 0, mayBeAgain: false };

test("the server takes every bulk form of the store's statements, and what verifying rests on has one", async () => {
  const { texts, bulks } = await formsOfStore();
  const alone = texts.filter((text) => !bulks.has(text));
  for (const bulk of bulks.values()) await client.unsafe(bulk).describe();
  const starts = ['insert into "guess_budgets"', 'update "authenticators"', 'update "challenges"'];
  for (const start of starts) {
    const deciding = texts.filter((text) => text.startsWith(start) && text.includes(" returning "));
    expect(deciding.length, start).toBeGreaterThan(0);
    expect(
      deciding.filter((text) => alone.includes(text)),
      start,
    ).toEqual([]);
  }
});

/** Every statement that the store prepares, and the bulk forms of those that have one. */
async function formsOfStore() {
  const db = drizzle.mock({ schema }) as unknown as { session: { prepareQuery: (...of: never[]) => PreparedText } };
  const prepareQuery = db.session.prepareQuery.bind(db.session);
  const texts: string[] = [];
  db.session.prepareQuery = (...of) => {
    const query = prepareQuery(...of);
    texts.push(query.queryString);
    return query;
  };
  createStore({ ...engineOver(async () => []), db } as unknown as Engine);
  const forms = new Map<string, string>();
  for (const text of new Set(texts)) {
    const { types } = await client.unsafe(text).describe();
    const bulk = bulkOf(text, types, []);
    if (bulk) forms.set(text, bulk.text);
  }
  return { texts, bulks: forms };
}

type PreparedText = Readonly<{ queryString: string }>;
