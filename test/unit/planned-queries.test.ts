import BetterSqlite from "better-sqlite3";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planQueries } from "../../src/store/engines/planned-queries.ts";

const things = sqliteTable("things", {
  id: text().primaryKey(),
  count: integer().notNull().default(-7),
  plain: text().notNull().default("plain-text"),
  quoted: text().notNull().default("it's ?"),
  empty: text().notNull().default(""),
});
const INSERTED = { id: "a", count: -7, plain: "plain-text", quoted: "it's ?", empty: "" };

let client: BetterSqlite.Database;
let prepared: string[];

beforeEach(() => {
  client = new BetterSqlite(":memory:");
  client.exec("create table things (id text primary key, count integer, plain text, quoted text, empty text)");
  prepared = [];
  const prepare = client.prepare.bind(client);
  client.prepare = ((source: string) => {
    prepared.push(source);
    return prepare(source);
  }) as typeof client.prepare;
});

afterEach(() => client.close());

function planned() {
  const db = drizzle({ client });
  planQueries(db);
  return db;
}

describe("planned queries", () => {
  it("what never changes is in the text, unless that would take quoting; all of it arrives", () => {
    const db = planned();
    db.insert(things)
      .values({ id: sql.placeholder("id") })
      .prepare()
      .run({ id: "a" });
    expect(prepared).toEqual([expect.stringContaining("values (?, -7, 'plain-text', ?, '')")]);
    expect(db.select().from(things).prepare().all()).toEqual([INSERTED]);
  });

  it("a text with a question mark of its own keeps its parameters", () => {
    const db = planned();
    db.insert(things)
      .values({ id: sql.placeholder("id"), quoted: sql`'it''s ?'` })
      .prepare()
      .run({ id: "a" });
    expect(prepared).toEqual([expect.stringContaining("values (?, ?, ?, 'it''s ?', ?)")]);
    expect(db.select().from(things).prepare().all()).toEqual([INSERTED]);
  });

  it("what is asked once, with values of its own, has none of them in its text", () => {
    const db = planned();
    db.insert(things).values({ id: "a" }).run();
    expect(prepared).toEqual([expect.stringContaining("values (?, ?, ?, ?, ?)")]);
    expect(db.select().from(things).prepare().all()).toEqual([INSERTED]);
  });

  it("a value that is missing is named, and refused", () => {
    const insert = planned()
      .insert(things)
      .values({ id: sql.placeholder("id") })
      .prepare();
    expect(() => insert.run({})).toThrow('a prepared statement got no value for "id"');
  });
});
