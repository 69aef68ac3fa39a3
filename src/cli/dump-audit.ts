import { readFileSync } from "node:fs";
import { readConfig } from "../runtime/read-config.ts";
import { type Command, EXIT, type Invocation, JSON_OPTION, neededText, RefusedError, textOf } from "./command.ts";
import { copyDatabase, type DatabaseCopy } from "./dump-audit/places.ts";
import { searchFor } from "./dump-audit/search.ts";
import { spellingsOf } from "./dump-audit/spellings.ts";

/** So many texts are looked for in one pass: the spellings of these fit into memory. */
const BATCH = 5_000;
const ROWS_SHOWN = 100;

const DUMP_IT_FIRST = "PostgreSQL is searched in a dump: make a plain one with pg_dump, and name it with --database.";

/** Looks for people and secrets in a database, as somebody who has got hold of it would. */
export const dumpAudit: Command = {
  usage: "dump-audit --subjects <file> [--secrets <file>] [--database <path>] [--json]",
  description:
    "Copies the database with its write-ahead log to a private folder and searches every row and every byte for the given references and secrets: clear in either case, UTF-16, percent-encoded, hex, base32, base64, base64url, SHA-1 and SHA-256. The files hold one text a line. Prints which line was found where, never the text, and exits with 1 on a hit. A file that is no SQLite database, such as a plain dump of PostgreSQL, is searched byte by byte.",
  options: {
    subjects: { type: "string", help: "a file of references of people, one a line" },
    secrets: { type: "string", help: "a file of secrets, one a line" },
    database: { type: "string", help: "the database to search, when it is not this installation's" },
    json: JSON_OPTION,
  },
  positionals: 0,
  run: async ({ values, env, print, warn }) => {
    const secrets = textOf(values, "secrets");
    const sought = [
      ...linesOf(neededText(values, "subjects"), "subjects"),
      ...(secrets === undefined ? [] : linesOf(secrets, "secrets")),
    ];
    const short = sought.filter(({ text }) => spellingsOf(text).length === 0).map(({ line }) => line);
    if (sought.length === short.length) throw new RefusedError("The lists hold nothing that can be looked for.");
    const copy = copyDatabase(textOf(values, "database") ?? ownDatabase(env));
    try {
      const found = audit(copy, sought);
      if (copy.bytes === 0) throw new RefusedError("The database is an empty file.");
      if (short.length > 0) warn(`Too short to be told from chance, and not searched: ${short.join(", ")}`);
      const scope = { sought: sought.length - short.length, rows: copy.rows, bytes: copy.bytes };
      if (values.json === true) print(JSON.stringify({ clean: found.length === 0, ...scope, found }));
      else for (const line of report(found, scope)) print(line);
      return found.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      copy.remove();
    }
  },
};

function ownDatabase(env: Invocation["env"]): string {
  const { databasePath, postgresUrl } = readConfig(env);
  if (postgresUrl !== undefined) throw new RefusedError(DUMP_IT_FIRST);
  return databasePath;
}

type Sought = Readonly<{ line: string; text: string }>;

/** A text that was found, by its place in the list; never the text itself. */
type Found = Readonly<{ line: string; as: string; place: string; times: number }>;

function linesOf(path: string, name: string): readonly Sought[] {
  return read(path)
    .split("\n")
    .map((text, index) => ({ line: `${name} line ${index + 1}`, text: text.trim() }))
    .filter(({ text }) => text !== "");
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new RefusedError(`A list cannot be read (${code}).`);
  }
}

function audit(copy: DatabaseCopy, sought: readonly Sought[]): readonly Found[] {
  const found = new Map<string, Found>();
  for (let start = 0; start < sought.length; start += BATCH) {
    const batch = sought.slice(start, start + BATCH);
    for (const { text, as, place } of copy.hits(searchFor(batch.map((one) => one.text)))) {
      const line = batch[text]?.line ?? "";
      const key = `${line} ${as} ${place}`;
      found.set(key, { line, as, place, times: (found.get(key)?.times ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

type Scope = Readonly<{ sought: number; rows: number; bytes: number }>;

function report(found: readonly Found[], { sought, rows, bytes }: Scope): readonly string[] {
  const searched = `${sought} texts, ${rows} rows, ${bytes} bytes`;
  if (found.length === 0) return [`Nothing found: ${searched}.`];
  const shown = found.slice(0, ROWS_SHOWN).map(({ line, as, place, times }) => [line, as, place, String(times)]);
  const table = [["what", "spelled as", "where", "times"], ...shown];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const left = found.length - shown.length;
  return [
    ...table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")),
    ...(left > 0 ? [`… and ${left} more`] : []),
    `FOUND in ${searched}.`,
  ];
}
