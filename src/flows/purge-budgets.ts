import { toBase64url } from "../domain/encoding.ts";
import { BUDGET_KEPT_MS, LANES } from "../domain/guess-budget.ts";
import type { Deps } from "../ports/deps.ts";

/** Rows looked at in one go: a few milliseconds. */
const ROWS = 2_000;
/** As wide as a lookup. */
const PLACE_BYTES = 16;

/**
 * Forgets guess budgets in which nothing has happened for half a year, of subjects that exist and of those that do not.
 * Each run looks at a stretch of them from a place drawn anew, so that a large table is gone through in time and no run
 * takes long. A suspended lane stays until an administrator lifts it.
 */
export async function purgeBudgets({ store, clock, random }: Pick<Deps, "store" | "clock" | "random">): Promise<void> {
  const realms = await store.realms.list();
  const suspendInRow = Math.min(
    ...realms.flatMap(({ policy }) => LANES.map((lane) => policy.budgets[lane].suspendInRow)),
  );
  const quiet = { beforeMs: clock.now() - BUDGET_KEPT_MS, suspendInRow };
  const seen = await store.guessBudgets.purge(toBase64url(random.bytes(PLACE_BYTES)), ROWS, quiet);
  if (seen < ROWS) await store.guessBudgets.purge("", ROWS, quiet);
  await store.committed();
}
