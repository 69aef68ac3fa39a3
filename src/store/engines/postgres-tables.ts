import postgres, { type TransactionSql } from "postgres";
import { countMigrations, migratePostgres } from "./postgres-migrations.ts";
import { driverOptions, withClient } from "./postgres-pool.ts";
import { BATCH, type Row, type Source, type TableShape, type Target } from "./tables.ts";

type Place = Readonly<{ url: string; migrationsFolder: string }>;
type Client = Pick<postgres.Sql, "unsafe">;

/** Reads one moment of the database, beside whoever else uses it, and changes nothing in it. */
export function readPostgres<T>({ url, migrationsFolder }: Place, work: (source: Source) => Promise<T>): Promise<T> {
  return withClient(url, async (client) => {
    const migrations = await countMigrations(client, migrationsFolder);
    const read = (transaction: TransactionSql) =>
      work({
        migrations,
        batches: (table) => batches(transaction, table),
      });
    // The driver's type for what the work returns unwraps lists of promises, which this is not.
    return (await client.begin("isolation level repeatable read read only", read)) as T;
  });
}

/** Fills the database, which is migrated first. */
export async function fillPostgres<T>(
  { url, migrationsFolder }: Place,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  await withClient(url, (client) => migratePostgres(client, migrationsFolder));
  const client = postgres(url, { ...driverOptions(url), max: 1, connection: { synchronous_commit: "on" } });
  try {
    return await work({
      add: (table, rows) => add(client, table, rows),
      mark: (id, value) => mark(client, id, value),
      batches: (table) => batches(client, table),
      finish: () => continueCounting(client),
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function* batches(client: Client, table: TableShape): AsyncIterable<readonly Row[]> {
  const names = table.columns.map(({ name }) => `"${name}"`).join(", ");
  for await (const rows of client.unsafe(`select ${names} from "${table.name}"`).cursor(BATCH)) {
    yield rows.map((row) => toRow(table, row));
  }
}

/** 64-bit integers arrive as text. */
function toRow({ columns }: TableShape, row: postgres.Row): Row {
  const entries = columns.map(({ name, isNumber }) => [
    name,
    isNumber && row[name] !== null ? Number(row[name]) : row[name],
  ]);
  return Object.fromEntries(entries);
}

/** The rows go as one value: they need no more parameters than one, however many they are. */
async function add(client: Client, { name }: TableShape, rows: readonly Row[]): Promise<void> {
  await client.unsafe(
    `insert into "${name}" select * from json_populate_recordset(null::"${name}", $1::text::json) on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

async function mark(client: Client, id: string, value: number | undefined): Promise<void> {
  if (value === undefined) await client.unsafe("delete from counters where id = $1", [id]);
  else
    await client.unsafe(
      "insert into counters (id, value) values ($1, $2) on conflict (id) do update set value = excluded.value",
      [id, value],
    );
}

/** Ids that were given do not move the sequence on. */
async function continueCounting(client: Client): Promise<void> {
  await client.unsafe(
    "select setval(pg_get_serial_sequence('audit_events', 'id'), max(id)) from audit_events having max(id) > 0",
  );
}
