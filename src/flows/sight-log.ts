import type { Sight, SightLog } from "../ports/sight-log.ts";

/** More than pass between two flushes; what comes on top is not counted. */
const MOST = 50_000;

/** A log of sights in this process's memory. */
export function createSightLog(): SightLog {
  let sights: Sight[] = [];
  let firsts = 0;
  return {
    note(sight) {
      if (sights.length < MOST) sights.push(sight);
    },
    noteFirst() {
      firsts += 1;
    },
    drain() {
      const drained = { sights, firsts };
      sights = [];
      firsts = 0;
      return drained;
    },
  };
}
