import type BetterSqlite from "better-sqlite3";

export type GroupCommit = Readonly<{
  /** Opens the group's transaction unless it is open. */
  begin: () => void;
  /** Resolves when everything written before the call is on disk. */
  committed: () => Promise<void> | undefined;
}>;

/** `writes` counts its writing statements, `waiting` who waits for the commit, `waitedFor` who did so a turn before. */
type Group = {
  writes: number;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
  turns: number;
  waiting: number;
  waitedFor: number;
};

/** Nobody's answer is held back for more turns than this so that others can join. */
const MOST_TURNS = 16;

/**
 * Group commit: the first statement of an event-loop turn opens a transaction, and whatever else is read and written in
 * that turn joins it; the commit follows when the turn's input is used up. While several requests are under way it is put
 * off as long as every turn brings another, since one trip to the disk serves them all; a request alone never waits.
 * SQLite undoes a failing statement alone, so one request's conflict does not touch its neighbours'. Reads by themselves
 * lock nobody out; each alone would cost more in finding its snapshot than in reading.
 *
 * When a commit fails the database is given up: requests that span two turns could otherwise answer on a spend that
 * was lost. Every later statement throws, and `broken` lets the process end, so that a restart starts from what is
 * on disk.
 */
export function groupCommit(
  client: BetterSqlite.Database,
  on: Readonly<{
    broken?: (cause: unknown) => void;
    /** Called after each commit, with no transaction open; must not throw. */
    committed?: (writes: number) => void;
  }> = {},
): GroupCommit {
  const transaction = transactionOf(client);
  let open: Group | undefined;
  let broken: Error | undefined;

  function join(): Group {
    if (open !== undefined) return open;
    setImmediate(endOfTurn);
    open = newGroup();
    return open;
  }

  function beginReading(): void {
    if (broken) throw broken;
    transaction.read();
    join();
  }

  function beginWriting(): void {
    if (broken) throw broken;
    transaction.write();
    join().writes += 1;
  }

  function endOfTurn(): void {
    if (open === undefined || !isGathering(open)) commit();
    else setImmediate(endOfTurn);
  }

  function commit(): void {
    const group = open;
    open = undefined;
    if (!group) return;
    try {
      transaction.commit();
    } catch (cause) {
      broken = new Error("a commit failed; the database is given up until a restart", { cause });
      group.reject(broken);
      giveUp(cause);
      return;
    }
    group.resolve();
    on.committed?.(group.writes);
  }

  /** Closing undoes what the transaction held, and refuses reads from now on too. */
  function giveUp(cause: unknown): void {
    try {
      client.close();
    } finally {
      on.broken?.(cause);
    }
  }

  interceptStatements(client, { beginReading, beginWriting });
  return {
    begin: beginWriting,
    committed() {
      if (broken) throw broken;
      if (open === undefined) return undefined;
      open.waiting += 1;
      return open.done;
    },
  };
}

/** The one transaction of a connection: none, a snapshot to read from, or one that writes as well. */
function transactionOf(client: BetterSqlite.Database): Readonly<Record<"read" | "write" | "commit", () => void>> {
  const [begin, beginImmediate, commit] = ["begin", "begin immediate", "commit"].map((source) =>
    client.prepare(source),
  );
  let state: "none" | "reading" | "writing" = "none";
  return {
    read() {
      if (state !== "none") return;
      begin?.run();
      state = "reading";
    },
    write() {
      if (state === "writing") return;
      // A snapshot after which somebody else has written cannot be written on: writing starts from the latest.
      if (state === "reading") commit?.run();
      state = "none";
      beginImmediate?.run();
      state = "writing";
    },
    commit() {
      if (state !== "none") commit?.run();
      state = "none";
    },
  };
}

/** Whether more of what is under way can be expected to join. */
function isGathering(group: Group): boolean {
  const hasGrown = group.waiting > group.waitedFor;
  group.waitedFor = group.waiting;
  group.turns += 1;
  return hasGrown && group.waiting > 1 && group.turns < MOST_TURNS;
}

type Beginnings = Readonly<{ beginReading: () => void; beginWriting: () => void }>;

/** Every statement prepared from now on opens the group first. */
function interceptStatements(client: BetterSqlite.Database, { beginReading, beginWriting }: Beginnings): void {
  const prepare = client.prepare.bind(client);
  const intercepting = (source: string) => {
    const statement = prepare(source);
    const begin = statement.readonly ? beginReading : beginWriting;
    for (const verb of ["run", "get", "all"] as const) {
      const original = statement[verb].bind(statement);
      Object.defineProperty(statement, verb, {
        value: (...parameters: unknown[]) => {
          begin();
          return original(...parameters);
        },
      });
    }
    return statement;
  };
  // The overloads of `prepare` only type its parameters; the behaviour is the same.
  client.prepare = intercepting as typeof client.prepare;
}

function newGroup(): Group {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A group nobody waits for must not end the process when its commit fails: `broken` does that.
  promise.catch(() => undefined);
  return { done: promise, resolve, reject, writes: 0, turns: 0, waiting: 0, waitedFor: 0 };
}
