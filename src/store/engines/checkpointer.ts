import { Worker } from "node:worker_threads";
import type BetterSqlite from "better-sqlite3";
import type { Pass } from "./checkpoint-thread.ts";

export type Checkpointer = Readonly<{
  /** Told after each commit, with the number of its writes; no transaction is open then. */
  committed: (writes: number) => void;
  /** Ends the thread. */
  close: () => Promise<void>;
}>;

/** About as many pages: 16 MB of log. */
const WRITES_A_PASS = 4_000;
/** From this size on the log is emptied, so that it is written from its start again: 48 MB. */
const FULL_PAGES = 12_000;
/** While somebody reads an old state the log cannot be emptied, and each pass sorts all of it: the next waits for so much more. */
const GROWTH = 1 / 3;
/** What came in during a pass this short is soon carried over. */
const SHORT_MS = 10;
const MOST_PASSES = 3;

/**
 * Checkpoints on a thread of their own: copying thousands of pages and syncing the database take long enough for people to
 * notice when they stand between two commits. While writes go on the log never gets empty that way, and would grow; so once
 * it is large and a short pass has left little in it, the rest is carried over between two commits. Should the thread fail,
 * SQLite checkpoints in its commits again.
 */
export function checkpointer(client: BetterSqlite.Database): Checkpointer {
  let thread: Worker | undefined;
  let writesSince = 0;
  let writesApart = WRITES_A_PASS;
  let passes = 0;
  let isFinishing = false;
  client.pragma("wal_autocheckpoint = 0");

  function pass(): void {
    thread ??= start();
    passes += 1;
    thread.postMessage("pass");
  }

  function start(): Worker {
    const worker = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), {
      workerData: client.name,
      execArgv: ["--disable-warning=ExperimentalWarning"],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    worker.on("message", passed).on("error", fallBack).unref();
    return worker;
  }

  function passed({ pages, tookMs }: Pass): void {
    writesApart = Math.max(WRITES_A_PASS, pages * GROWTH);
    if (pages < FULL_PAGES) passes = 0;
    else if (tookMs > SHORT_MS && passes < MOST_PASSES) pass();
    else isFinishing = true;
  }

  function fallBack(): void {
    thread = undefined;
    passes = Number.POSITIVE_INFINITY;
    if (client.open) client.pragma("wal_autocheckpoint = 4000");
  }

  return {
    committed(writes) {
      writesSince += writes;
      if (isFinishing) {
        isFinishing = false;
        passes = 0;
        finish(client);
      } else if (passes === 0 && writesSince >= writesApart) {
        writesSince = 0;
        pass();
      }
    },
    async close() {
      passes = Number.POSITIVE_INFINITY;
      await thread?.terminate();
    },
  };
}

/** Carries the rest over, so that the next write starts the log anew. What fails here is done by a later pass. */
function finish(client: BetterSqlite.Database): void {
  try {
    client.pragma("wal_checkpoint(PASSIVE)");
  } catch {
    // The log keeps everything; a commit that cannot be written fails by itself.
  }
}
