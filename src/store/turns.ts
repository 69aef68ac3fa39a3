import { lte } from "drizzle-orm";
import type { TurnVerbs } from "../ports/store.ts";
import { decided, type Engine, setTo, value } from "./engine.ts";

const PREFIX = "turn:";

/** When background work was last taken up by one of the nodes, among the counters. */
export function turnVerbs({ db, tables: { counters: t } }: Engine): TurnVerbs {
  const take = db
    .insert(t)
    .values({ id: value("id"), value: value("now") })
    .onConflictDoUpdate({ target: t.id, set: { value: setTo("now") }, setWhere: lte(t.value, value("before")) })
    .returning({ id: t.id })
    .prepare();

  return {
    take: async (work, { nowMs, everyMs }) =>
      decided(await take.execute({ id: PREFIX + work, now: nowMs, before: nowMs - everyMs })),
  };
}
