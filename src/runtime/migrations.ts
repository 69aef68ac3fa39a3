import { resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "../../drizzle");

/** Where the generated migrations of each engine are. */
export const MIGRATIONS = { sqlite: resolve(FOLDER, "sqlite"), postgres: resolve(FOLDER, "postgres") } as const;
