/** Longer than any challenge lives: a browser that sees more than this has a wrong clock. */
const LONGEST_MS = 24 * 3600 * 1000;

/**
 * How long until the challenge ends by this browser's clock, in milliseconds; undefined when that clock is plainly wrong,
 * because the page has only just been sent: then the server alone decides.
 */
export function msUntil(expiresAt: string, now: number): number | undefined {
  const wait = Date.parse(expiresAt) - now;
  return wait > 0 && wait < LONGEST_MS ? wait : undefined;
}
