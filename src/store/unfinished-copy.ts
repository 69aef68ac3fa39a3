import { like } from "drizzle-orm";
import type { Engine } from "./engine.ts";

/** How the id of the counter begins that stands in a database for as long as it is being filled by a copy. */
export const UNFINISHED_COPY = "copy:";

/** Whether the database is being filled by a copy: it lacks what was spent, and must not be served from. */
export async function isUnfinishedCopy({ db, tables: { counters: t } }: Engine): Promise<boolean> {
  const marks = await db
    .select({ id: t.id })
    .from(t)
    .where(like(t.id, `${UNFINISHED_COPY}%`));
  return marks.length > 0;
}
