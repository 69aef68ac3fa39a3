/** What the scan alarm counts by: the hour that begins with the first unknown subject a key asks about. */
export const SCAN_WINDOW_MS = 60 * 60 * 1000;

/**
 * From so many unknown subjects on, known ones that the key is told of count towards the same limit, as long as there are
 * not more of them than so many for each unknown one. An application's own people are nearly all known; whoever tries
 * out a list meets many who are not.
 */
export const SCAN_MIX = { unknownFrom: 10, knownPerUnknown: 3 } as const;

/** A key that is stopped stays so until an administrator lifts the alarm: callers are told to come back no sooner. */
export const SCAN_RETRY_SECONDS = 3600;

/** How many unknown subjects an API key may ask about within an hour; a relying party can have a number of its own. */
export type ScanPolicy = Readonly<{ unknownPerHour: number }>;

/**
 * When first sights of unknown subjects, by all keys together, have risen suddenly: at least `atLeast` in ten minutes,
 * and more than `times` what ten minutes of the day before saw on average. One alarm an hour.
 */
export const UNKNOWN_RISE = {
  slotMs: 10 * 60 * 1000,
  slotsBefore: 144,
  atLeast: 200,
  times: 5,
  alarmEveryMs: 60 * 60 * 1000,
} as const;

/** Whether the count of the current slot is a sudden rise over the sum of the slots of the day before. */
export function isSuddenRise(current: number, sumBefore: number): boolean {
  const { atLeast, times, slotsBefore } = UNKNOWN_RISE;
  return current >= atLeast && current > (times * sumBefore) / slotsBefore;
}
