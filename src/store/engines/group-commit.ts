import type BetterSqlite from "better-sqlite3";

export type GroupCommit = Readonly<{
  /** Opens the group's transaction unless it is open. */
  begin: () => void;
  /** Resolves when everything written before the call is on disk. */
  committed: () => Promise<void>;
}>;

/** `writes` counts its statements, `waiting` who waits for the commit, `waitedFor` who did so a turn before. */
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
 * Group commit: the first write of an event-loop turn opens a transaction, and whatever else is written in that turn
 * joins it; the commit follows when the turn's input is used up. While several requests are under way it is put off as
 * long as every turn brings another, since one trip to the disk serves them all; a request alone never waits. SQLite
 * undoes a failing statement alone, so one request's conflict does not touch its neighbours'.
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
  const beginStatement = client.prepare("begin immediate");
  const commitStatement = client.prepare("commit");
  let open: Group | undefined;
  let broken: Error | undefined;

  function begin(): void {
    if (broken) throw broken;
    if (open === undefined) {
      beginStatement.run();
      open = newGroup();
      setImmediate(endOfTurn);
    }
    open.writes += 1;
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
      commitStatement.run();
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

  interceptWrites(client, begin);
  return {
    begin,
    async committed() {
      if (broken) throw broken;
      if (open === undefined) return;
      open.waiting += 1;
      await open.done;
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

/** Every statement prepared from now on that may write opens the group first. */
function interceptWrites(client: BetterSqlite.Database, begin: () => void): void {
  const prepare = client.prepare.bind(client);
  const intercepting = (source: string) => {
    const statement = prepare(source);
    if (statement.readonly) return statement;
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
