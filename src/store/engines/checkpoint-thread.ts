/** The thread that carries the write-ahead log over into the database: a pass for each message, and says how it went. */
import { parentPort, workerData } from "node:worker_threads";
import BetterSqlite from "better-sqlite3";

/** `pages`: how many the log held. */
export type Pass = Readonly<{ pages: number; tookMs: number }>;

// What `checkpointer` starts the thread with.
const client = new BetterSqlite(workerData as string, { timeout: 5000 });
// A checkpoint syncs the database before the log is written over.
client.pragma("synchronous = FULL");
client.pragma("cache_size = -256");

parentPort?.on("message", () => {
  const start = performance.now();
  // Passive waits for nobody and makes nobody wait. Its answer's columns: busy, log, checkpointed.
  const [row] = client.pragma("wal_checkpoint(PASSIVE)") as readonly Readonly<{ log: number }>[];
  const pass: Pass = { pages: row?.log ?? 0, tookMs: performance.now() - start };
  parentPort?.postMessage(pass);
});
