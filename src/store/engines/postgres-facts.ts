import { countMigrations } from "./postgres-migrations.ts";
import { withClient } from "./postgres-pool.ts";

/** What a server says about itself and our database. */
export type PostgresFacts = Readonly<{
  /** Such as 160004. */
  version: number;
  isReadOnly: boolean;
  /** Settings that durability rests on, by name. */
  settings: Readonly<Record<"fsync" | "full_page_writes", string>>;
  applied: number;
  known: number;
  sealedMacRoot: string | undefined;
  newestEventMs: number | undefined;
  nowMs: number;
  /** Whether our role may change or delete what is in the audit log. */
  mayChangeAudit: boolean;
}>;

/** Asks the server and changes nothing; throws when it cannot be reached. */
export function readPostgresFacts(url: string, migrationsFolder: string): Promise<PostgresFacts> {
  return withClient(url, async (client) => {
    const [server] = await client.unsafe(
      `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
              current_setting('full_page_writes') as full_page_writes,
              pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as is_read_only,
              floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`,
    );
    const migrations = await countMigrations(client, migrationsFolder);
    const rows = migrations.applied === 0 ? undefined : await readRows(client);
    return {
      version: Number(server?.version),
      isReadOnly: server?.is_read_only === true,
      settings: { fsync: String(server?.fsync), full_page_writes: String(server?.full_page_writes) },
      ...migrations,
      sealedMacRoot: textOf(rows?.sealed),
      newestEventMs: textOf(rows?.at_ms) === undefined ? undefined : Number(rows?.at_ms),
      nowMs: Number(server?.now_ms),
      mayChangeAudit: rows?.may_change === true,
    };
  });
}

type Client = Parameters<Parameters<typeof withClient>[1]>[0];

async function readRows(client: Client): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [rows] = await client.unsafe(
    `select (select sealed from system_keys where kind = 'mac_root') as sealed,
            (select at_ms from audit_events order by id desc limit 1) as at_ms,
            has_table_privilege('audit_events', 'update') or has_table_privilege('audit_events', 'delete')
              or has_table_privilege('audit_events', 'truncate') as may_change`,
  );
  return rows;
}

/** 64-bit integers arrive as text. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
