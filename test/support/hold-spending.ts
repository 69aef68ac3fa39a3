import type { Deps } from "../../src/ports/deps.ts";

/** Stops the next request right after it has used up its code, until it is let go. */
export type SpendingHold = Readonly<{
  wrap: (deps: Deps) => Deps;
  /** Takes hold of the next one; resolves once it is there. */
  hold: () => Promise<void>;
  letGo: () => void;
}>;

/** For `startService`: what a test does while a request stands between its decision and its answer. */
export function holdSpending(): SpendingHold {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let isWanted = false;
  return {
    wrap(deps) {
      const { guessBudgets } = deps.store;
      const take: typeof guessBudgets.take = async (...parameters) => {
        const inRow = await guessBudgets.take(...parameters);
        if (!isWanted || inRow !== 0) return inRow;
        isWanted = false;
        reached.resolve();
        await gate.promise;
        return inRow;
      };
      return { ...deps, store: { ...deps.store, guessBudgets: { ...guessBudgets, take } } };
    },
    hold() {
      isWanted = true;
      return reached.promise;
    },
    letGo: gate.resolve,
  };
}
