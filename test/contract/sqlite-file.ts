import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createStore } from "../../src/store/create-store.ts";
import { openSqlite } from "../../src/store/engines/sqlite.ts";

const MIGRATIONS = fileURLToPath(new URL("../../drizzle/sqlite", import.meta.url));

/** A database file in a folder of its own, and how to be rid of both. */
export function temporaryFile(): Readonly<{ path: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  return { path: join(folder, "countersign.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The SQLite store on a file, with its engine. */
export function openFile(path: string, onBroken?: (cause: unknown) => void) {
  const engine = openSqlite({ path, migrationsFolder: MIGRATIONS, ...(onBroken && { onBroken }) });
  return { engine, store: createStore(engine) };
}
