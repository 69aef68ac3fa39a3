import { closeSync, existsSync, fsyncSync, openSync, unlinkSync } from "node:fs";
import { readConfig } from "../runtime/read-config.ts";
import { openDurable } from "../store/engines/sqlite.ts";
import { type Command, EXIT, RefusedError } from "./command.ts";

/** All pages in one step: the copy is one moment of the database, whatever is written meanwhile. */
const ALL_PAGES = 0x7fff_ffff;

const USE_ITS_OWN =
  "PostgreSQL is backed up with its own tools: pg_dump for one moment, base backups with the write-ahead log for any moment. See docs/postgresql.md.";

/** Copies the database into a new file that only its owner can read. */
export const backup: Command = {
  usage: "backup <file>",
  description:
    "Writes a consistent copy of the database to a new file, while the service runs. The master key is not in it: keep that apart.",
  options: {},
  positionals: 1,
  run: async ({ env, positionals, print }) => {
    const { databasePath, postgresUrl } = readConfig(env);
    if (postgresUrl !== undefined) throw new RefusedError(USE_ITS_OWN);
    const [file = ""] = positionals;
    if (!existsSync(databasePath)) throw new RefusedError("There is no database yet.");
    claim(file);
    try {
      await copy(databasePath, file);
    } catch (error) {
      unlinkSync(file);
      throw error;
    }
    print(`Written: ${file}\nThe master key is not in it: keep a copy of that elsewhere.`);
    return EXIT.ok;
  },
};

/** The name is taken, for us alone, before anything is written to it. */
function claim(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new RefusedError(code === "EEXIST" ? "The file exists already." : `The file cannot be written (${code}).`);
  }
}

async function copy(databasePath: string, file: string): Promise<void> {
  const client = openDurable(databasePath);
  try {
    await client.backup(file, { progress: () => ALL_PAGES });
  } finally {
    client.close();
  }
  check(file);
  const descriptor = openSync(file, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Reads the copy through once, and leaves one file without companions. */
function check(file: string): void {
  const client = openDurable(file);
  try {
    client.pragma("journal_mode = DELETE");
    const found = client.pragma("quick_check", { simple: true });
    if (found !== "ok") throw new RefusedError("The copy is damaged: check the disk and run countersign doctor.");
  } finally {
    client.close();
  }
}
