import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import BetterSqlite from "better-sqlite3";
import { afterAll, expect, it } from "vitest";

const FOLDER = fileURLToPath(new URL("../../drizzle/sqlite", import.meta.url));
const client = new BetterSqlite(":memory:");
afterAll(() => client.close());

function apply(file: string): void {
  for (const statement of readFileSync(`${FOLDER}/${file}.sql`, "utf8").split("--> statement-breakpoint")) {
    client.exec(statement);
  }
}

it("budgets and last steps of a database from before the narrow budgets are carried over", () => {
  apply("0000_initial");
  const budget = client.prepare("insert into guess_budgets values (?, ?, ?, ?, ?)");
  budget.run("ada:open:totp", 3, 0, 5, ";0000000000009aaaaaa");
  budget.run("ada:device:totp", 1, 30, 40, ";0000000000007bbbbbb");
  budget.run("ada:proven:recovery_code", 2, 0, 6, ";0000000000008cccccc");
  budget.run("nobody:open:totp", 4, 0, 7, ";0000000000006dddddd");
  const app =
    client.prepare(`insert into authenticators (id, realm_id, subject_lookup, method, status, label, created_by,
    created_at_ms, attempts_left, last_step, last_used_at_ms, sign_count, backup_eligible, backup_state, hardware_attested)
    values (?, 'default', ?, ?, ?, '', '', 0, 0, ?, 77, 0, 0, 0, 0)`);
  app.run("au_1", "ada", "totp", "active", 500);
  app.run("au_2", "ada", "totp", "active", 600);
  app.run("au_3", "ben", "totp", "active", 700);
  app.run("au_4", "cay", "totp", "pending", 0);
  app.run("au_5", "cay", "webauthn", "active", 0);

  apply("0001_hot_path");

  const rows = client.prepare("select * from guess_budgets order by id").all();
  const device = { device_in_row: 0, device_wait_ms: 0, device_wait_until_ms: 0, device_wrong_times: "" };
  const proven = { proven_in_row: 0, proven_wait_ms: 0, proven_wait_until_ms: 0, proven_wrong_times: "" };
  const open = { open_in_row: 0, open_wait_ms: 0, open_wait_until_ms: 0, open_wrong_times: "" };
  const clean = { codes_of: null, last_step: 0, last_used_at_ms: null, ...device, ...proven, ...open };
  expect(rows).toEqual([
    {
      ...clean,
      id: "ada:recovery_code",
      proven_in_row: 2,
      proven_wait_until_ms: 6,
      proven_wrong_times: ";0000000000008cccccc",
    },
    {
      ...clean,
      id: "ada:totp",
      codes_of: "au_1",
      last_step: 500,
      last_used_at_ms: 77,
      device_in_row: 1,
      device_wait_ms: 30,
      device_wait_until_ms: 40,
      device_wrong_times: ";0000000000007bbbbbb",
      open_in_row: 3,
      open_wait_until_ms: 5,
      open_wrong_times: ";0000000000009aaaaaa",
    },
    { ...clean, id: "ben:totp", codes_of: "au_3", last_step: 700, last_used_at_ms: 77 },
    { ...clean, id: "nobody:totp", open_in_row: 4, open_wait_until_ms: 7, open_wrong_times: ";0000000000006dddddd" },
  ]);
  const remembered = client
    .prepare("select id from authenticators where steps_in_budget = 1 order by id")
    .pluck()
    .all();
  expect(remembered).toEqual(["au_1", "au_3"]);
});
