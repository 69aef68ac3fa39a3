/**
 * The subject whose rows are read where the one asked about has none, so that both cost the same. It is nobody's: no
 * reference has this look-up, and its rows, which a migration makes, hold no secret and are left out of every answer.
 */
export const STAND_IN = "stand-in";

const MOST_ROWS = 6;

/** The stand-in with so many passkeys, or the one that comes closest. */
export function standInOf(rows: number): string {
  return `${STAND_IN}-${Math.min(Math.max(rows, 1), MOST_ROWS)}`;
}

/** Whether a look-up is a stand-in's. */
export function isStandIn(lookup: unknown): boolean {
  return String(lookup).startsWith(STAND_IN);
}
