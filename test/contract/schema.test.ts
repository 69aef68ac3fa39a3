import BetterSqlite from "better-sqlite3";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/domain/realm.ts";
import { policyOf } from "../../src/store/realms.ts";
import * as schema from "../../src/store/schema.sqlite.ts";
import { openFile, temporaryFile } from "./sqlite-file.ts";

describe("the schema", () => {
  const tables = Object.values(schema).filter((value) => is(value, SQLiteTable));
  const declared = tables.flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    return columns.map((column) => ({ table: name, column: column.name, type: column.getSQLType() }));
  });

  it("has no column for an e-mail, a phone number, a user name or a password", () => {
    expect(declared.length).toBeGreaterThan(100);
    const telling = /e_?mail|phone|mobile|msisdn|user_?name|login|passw|reference|first_name|last_name|address|ip_/;
    expect(declared.filter(({ column }) => telling.test(column))).toEqual([]);
  });

  it("uses text and integer alone, which every engine has", () => {
    expect(new Set(declared.map(({ type }) => type))).toEqual(new Set(["text", "integer"]));
  });

  it("is what the migrations make", async () => {
    const text = ({ table, column, type }: (typeof declared)[number]) => `${table}.${column} ${type}`;
    expect((await migratedColumns()).map(text).sort()).toEqual(declared.map(text).sort());
  });
});

describe("a realm's policy", () => {
  it("without deviations is the default", () => {
    expect(policyOf("{}")).toEqual(DEFAULT_POLICY);
  });

  it("takes each number that is in range", () => {
    const said = { budgets: { proven: { perDay: 1, perMonth: 1, freeInRow: 1 } }, source: { burst: 1, perMinute: 1 } };
    const policy = policyOf(JSON.stringify(said));
    expect(policy.budgets.proven).toEqual({ ...DEFAULT_POLICY.budgets.proven, ...said.budgets.proven });
    expect(policy.source).toEqual(said.source);
    expect(policy.budgets.open).toEqual(DEFAULT_POLICY.budgets.open);
  });

  it.each([
    ["text that is no JSON", "{"],
    ["an empty text", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["an unknown part", '{"totps":{}}'],
    ["an unknown number", '{"totp":{"skew":3}}'],
    ["an unknown lane", '{"budgets":{"vip":{"perDay":100}}}'],
    ["digits that no app shows", '{"totp":{"digits":4}}'],
    ["a wide TOTP window", '{"totp":{"earlierSteps":2}}'],
    ["an unknown hash", '{"totp":{"algorithm":"MD5"}}'],
    ["a number as text", '{"budgets":{"open":{"perDay":"10"}}}'],
    ["a budget of nothing", '{"budgets":{"open":{"perDay":0}}}'],
    ["a negative budget", '{"budgets":{"open":{"perMonth":-1}}}'],
    ["a broken number", '{"budgets":{"open":{"perDay":1.5}}}'],
    ["an endless budget", '{"budgets":{"open":{"perMonth":101}}}'],
    ["no suspension", '{"budgets":{"open":{"suspendInRow":101}}}'],
    ["a null where a number belongs", '{"budgets":{"open":{"perDay":null}}}'],
    ["a free row that never ends", '{"budgets":{"open":{"freeInRow":1000}}}'],
    ["no wait", '{"budgets":{"open":{"firstWaitSeconds":0}}}'],
    ["a source without a limit", '{"source":{"perMinute":0}}'],
    ["short passwords", '{"password":{"minLengthSingleFactor":7}}'],
  ])("refuses %s", (_, deviations) => {
    expect(() => policyOf(deviations)).toThrow();
  });
});

const file = temporaryFile();
afterAll(file.remove);

async function migratedColumns() {
  await openFile(file.path).store.close();
  const database = new BetterSqlite(file.path);
  const rows = database
    .prepare(
      `select t.name as "table", c.name as "column", lower(c.type) as type
       from sqlite_schema t, pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like '\\_\\_drizzle%' escape '\\'`,
    )
    .all();
  database.close();
  // The three columns selected above, all text.
  return rows as { table: string; column: string; type: string }[];
}
