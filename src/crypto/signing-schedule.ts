const MINUTE_MS = 60_000;

/** A new key is published this long before it signs: longer than nodes and relying parties keep a key set. */
export const LEAD_MS = 10 * MINUTE_MS;
/** A key stays published this long after its last signature: longer than any token lives. */
export const KEPT_MS = 60 * MINUTE_MS;
/** A key older than this gets a successor. */
export const ROTATED_AFTER_MS = 90 * 24 * 60 * MINUTE_MS;

type Dated = Readonly<{ id: string; createdAtMs: number }>;

/** Which key signs now, which are in the JWKS, which are over, and whether another is needed. Needs no record of its own. */
export type SigningSchedule<Key> = Readonly<{
  current: Key | undefined;
  published: readonly Key[];
  expired: readonly Key[];
  needsKey: boolean;
}>;

/** The schedule that the keys' ages amount to: the same on every node. */
export function scheduleOf<Key extends Dated>(keys: readonly Key[], nowMs: number): SigningSchedule<Key> {
  const sorted = [...keys].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  const isReady = ({ createdAtMs }: Key) => createdAtMs + LEAD_MS <= nowMs;
  const isExpired = (_: Key, index: number) => {
    const successor = sorted[index + 1];
    return successor !== undefined && successor.createdAtMs + LEAD_MS + KEPT_MS <= nowMs;
  };
  const newest = sorted.at(-1);
  return {
    // The very first key has nobody to wait for.
    current: sorted.findLast(isReady) ?? sorted[0],
    published: sorted.filter((key, index) => !isExpired(key, index)),
    expired: sorted.filter(isExpired),
    needsKey: newest === undefined || newest.createdAtMs + ROTATED_AFTER_MS <= nowMs,
  };
}
