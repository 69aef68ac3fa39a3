/** Things that gather while others are under way, and then go together. */
export type Gathering<T> = Readonly<{
  add: (one: T) => void;
  /** Resolves once everything added so far has gone and come to its end. */
  idle: () => Promise<void>;
}>;

type Terms<T> = Readonly<{
  /** How many lots may be under way at once. */
  atOnce: number;
  /** Who of those who wait goes together, and who stays. */
  take: (waiting: readonly T[]) => Readonly<{ together: readonly T[]; left: T[] }>;
  /** Never rejects: everyone learns their own end. */
  carryOut: (together: readonly T[]) => Promise<void>;
}>;

/** The next lot goes at the end of the turn, so that requests that go in step hand theirs in one after another. */
export function gathering<T>({ atOnce, take, carryOut }: Terms<T>): Gathering<T> {
  let waiting: T[] = [];
  const underWay = new Set<Promise<void>>();
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || underWay.size >= atOnce || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      start();
      schedule();
    });
  }

  function start(): void {
    const { together, left } = take(waiting);
    waiting = left;
    const run = carryOut(together).finally(() => {
      underWay.delete(run);
      schedule();
    });
    underWay.add(run);
  }

  return {
    add(one) {
      waiting.push(one);
      schedule();
    },
    async idle() {
      while (waiting.length > 0 || underWay.size > 0) {
        await Promise.allSettled(underWay);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
