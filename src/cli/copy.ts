import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type CopiedTable, CopyRefusedError, copyDatabase } from "../runtime/copy-database.ts";
import { MIGRATIONS } from "../runtime/migrations.ts";
import { fillPostgres, readPostgres } from "../store/engines/postgres-tables.ts";
import { fillSqlite, readSqlite } from "../store/engines/sqlite-tables.ts";
import type { Source, Target } from "../store/engines/tables.ts";
import { type Command, EXIT, JSON_OPTION, neededText, RefusedError, UsageError } from "./command.ts";

/** Moves an installation's data to another database, of the same or another kind. */
export const copy: Command = {
  usage: "copy --from <url> --to <url>",
  description:
    "Copies everything into an empty database, and compares both. Stop the service first. A copy that was cut off goes on when it is called again. A URL is file: with a path, or postgres://….",
  options: {
    from: { type: "string", help: "the database to read; it is not changed" },
    to: { type: "string", help: "the database to fill; tables are made where they are missing" },
    json: JSON_OPTION,
  },
  positionals: 0,
  run: async ({ values, print }) => {
    const [from, to] = [placeOf(neededText(values, "from"), "--from"), placeOf(neededText(values, "to"), "--to")];
    const copied: CopiedTable[] = [];
    const report = (table: CopiedTable) => {
      copied.push(table);
      if (values.json !== true)
        print(`${table.table.padEnd(20)} ${String(table.rows).padStart(10)}  ${table.checksum}`);
    };
    try {
      await from.read((source) => to.fill((target) => copyDatabase({ source, target }, report)));
    } catch (error) {
      throw error instanceof CopyRefusedError ? new RefusedError(error.message) : error;
    }
    print(values.json === true ? JSON.stringify({ tables: copied }) : DONE);
    return EXIT.ok;
  },
};

const DONE = "Both hold the same. The master key is not in them: take it along.";

type Place = Readonly<{
  read: (work: (source: Source) => Promise<void>) => Promise<void>;
  fill: (work: (target: Target) => Promise<void>) => Promise<void>;
}>;

/** A server, or a file, which may also be named by its folder. */
function placeOf(text: string, option: string): Place {
  if (/^postgres(ql)?:\/\//.test(text)) {
    if (!URL.canParse(text)) throw new UsageError(`${option} is no URL`);
    const place = { url: text, migrationsFolder: MIGRATIONS.postgres };
    return { read: (work) => readPostgres(place, work), fill: (work) => fillPostgres(place, work) };
  }
  const place = { path: fileOf(text), migrationsFolder: MIGRATIONS.sqlite };
  return {
    read: (work) => {
      if (!existsSync(place.path)) throw new RefusedError("There is no source.");
      return readSqlite(place, work);
    },
    fill: (work) => fillSqlite(place, work),
  };
}

function fileOf(text: string): string {
  const path = text.replace(/^file:/, "");
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  return isFolder ? join(path, "countersign.db") : path;
}
