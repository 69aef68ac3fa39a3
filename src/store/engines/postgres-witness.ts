import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { isWitnessGone, OutageError } from "./postgres-faults.ts";
import { driverOptions } from "./postgres-pool.ts";
import type { Statement } from "./postgres-queries.ts";

/** Says whether the server can have forgotten anything since a moment that is remembered as an incarnation. */
export type Witness = Readonly<{
  /** Changes whenever the server may have forgotten commits that it had not written to its disk. */
  incarnation: () => number;
  /** Throws OutageError while there is no witness: nothing is decided then. */
  ensure: () => void;
  /** What a durable transaction begins with, and how to read its failure. Throws as `ensure` does. */
  watch: () => Watch;
  close: () => Promise<void>;
}>;

export type Watch = Readonly<{ statement: Statement; explain: (error: unknown) => unknown }>;

type Held = Readonly<{ key: string; client: Sql }>;

const RETRY_MS = 250;

/**
 * Statements that decide do not wait for the disk, so a server that breaks down forgets the last of them, and a request
 * that goes on after its restart would answer on a spend that never was. A breakdown ends every session and every lock.
 * So a session of ours holds a lock under a key of its own, and every durable transaction first makes sure that it still
 * does: as long as it does, nothing was forgotten since it was taken. `appending` is the advisory lock that the same
 * statement takes in shared mode.
 */
export async function openWitness(url: string, appending: string): Promise<Witness> {
  let held: Held | undefined;
  let incarnation = 0;
  let isClosed = false;

  async function take(): Promise<void> {
    const key = randomBytes(8).readBigInt64BE().toString();
    const client = postgres(url, {
      ...driverOptions(url),
      max: 1,
      connection: { application_name: "countersign witness", idle_session_timeout: 0 },
      onclose: () => lose(key),
    });
    try {
      await client.unsafe(`select pg_advisory_lock('${key}')`);
    } catch (error) {
      await client.end({ timeout: 0 });
      throw error;
    }
    held = { key, client };
  }

  function lose(key: string): void {
    if (held?.key !== key || isClosed) return;
    void held.client.end({ timeout: 0 });
    held = undefined;
    incarnation += 1;
    void takeAgain();
  }

  async function takeAgain(): Promise<void> {
    while (!isClosed) {
      try {
        await take();
        break;
      } catch {
        await setTimeout(RETRY_MS, undefined, { ref: false });
      }
    }
    if (isClosed) await held?.client.end({ timeout: 0 });
  }

  function ensure(): Held {
    if (held === undefined) throw new OutageError("NO_WITNESS");
    return held;
  }

  const text = watching(appending);
  await take();
  return {
    incarnation: () => incarnation,
    ensure,
    watch() {
      const { key } = ensure();
      return {
        statement: { text, parameters: [key] },
        explain(error) {
          if (!isWitnessGone(error)) return error;
          lose(key);
          return new OutageError("WITNESS_LOST", { cause: error });
        },
      };
    },
    async close() {
      isClosed = true;
      await held?.client.end({ timeout: 0 });
    },
  };
}

/** Divides by nothing, and with that undoes the transaction, when the lock of the witness can be had. */
function watching(appending: string): string {
  return `select pg_advisory_xact_lock_shared(${appending}), 1 / (1 - pg_try_advisory_xact_lock_shared($1)::int)`;
}
