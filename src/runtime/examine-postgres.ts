import type { Config } from "../config.ts";
import type { PostgresFacts } from "../store/engines/postgres-facts.ts";
import { attempt, type Check, type Result, unchecked, well, wrong } from "./check.ts";
import { CLOCK_SLACK_MS, clockFits, keyFits } from "./examine-keys.ts";
import { MIGRATIONS } from "./migrations.ts";

/** Older ones get no fixes any more, and lack a setting that we make. */
const OLDEST_VERSION = 140_000;

/** Looks at a PostgreSQL server and our database there, and changes nothing. */
export async function examinePostgres(config: Config, url: string, nowMs: number): Promise<readonly Check[]> {
  const { readPostgresFacts } = await import("../store/engines/postgres-facts.ts");
  const facts = await readPostgresFacts(url, MIGRATIONS.postgres).catch((error: unknown) => ({ error }));
  if ("error" in facts) return [{ name: "database", ...unchecked(facts.error) }];
  return [
    attempt("database", () => version(facts)),
    attempt("durability", () => durability(facts)),
    attempt("writable", () => (facts.isReadOnly ? wrong("a read-only stand-in") : well("yes"))),
    attempt("migrations", () => migrations(facts)),
    attempt("key fits database", () => keyFits(facts.sealedMacRoot ?? "", config)),
    attempt("audit log", () => auditLog(facts)),
    attempt("clock", () => clock(facts, nowMs)),
  ];
}

function version({ version: number }: PostgresFacts): Result {
  const detail = `PostgreSQL ${Math.floor(number / 10_000)}.${number % 10_000}`;
  return number >= OLDEST_VERSION ? well(detail) : wrong(`${detail}: 14 or newer is needed`);
}

function durability({ settings }: PostgresFacts): Result {
  const detail = Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  return Object.values(settings).every((value) => value === "on") ? well(detail) : wrong(detail);
}

function migrations({ applied, known }: PostgresFacts): Result {
  const detail = `${applied} of ${known} applied`;
  return applied === known ? well(detail) : wrong(detail);
}

/** One role for everything works, and cannot hold the log against whoever takes it over: see docs/postgresql.md. */
function auditLog({ mayChangeAudit }: PostgresFacts): Result {
  return well(mayChangeAudit ? "this role could change it: it is no serving role" : "this role can only add to it");
}

/** Nodes have clocks of their own: the server's is what they have in common. */
function clock({ newestEventMs, nowMs: serverMs }: PostgresFacts, nowMs: number): Result {
  const seconds = Math.round((nowMs - serverMs) / 1000);
  if (Math.abs(nowMs - serverMs) > CLOCK_SLACK_MS) {
    return wrong(`${seconds} seconds off the database server's: set the system's time`);
  }
  return clockFits(newestEventMs, nowMs);
}
