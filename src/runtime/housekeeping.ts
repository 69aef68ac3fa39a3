import { SCAN_WINDOW_MS, UNKNOWN_RISE } from "../domain/scan.ts";
import { purgeBudgets } from "../flows/purge-budgets.ts";
import { refreshDecoys } from "../flows/refresh-decoys.ts";
import type { Deps } from "../ports/deps.ts";

const MINUTE_MS = 60_000;
const EVERY_MS = 5 * MINUTE_MS;

/** How long rows outlive their end before they are erased: nothing decides on one so old. */
const KEPT = {
  // As long as a prompt's session: until then the person can restart it.
  challengeMs: 24 * 60 * MINUTE_MS,
  grantMs: 60 * MINUTE_MS,
  usedTokenMs: 10 * MINUTE_MS,
  sessionMs: 60 * MINUTE_MS,
  idempotencyMs: 30 * MINUTE_MS,
  sourceMs: 10 * MINUTE_MS,
  sightMs: SCAN_WINDOW_MS,
  // What a rise is held against, and a day more.
  tallyMs: 48 * 60 * MINUTE_MS,
} as const;

/** Erases what has long expired and refreshes the decoys, every five minutes; never keeps the process alive. Returns the function that stops it. */
export function startHousekeeping(deps: Pick<Deps, "store" | "clock" | "random" | "logger">): () => void {
  const attempt = (task: Promise<void>, failure: string) =>
    task.catch((error: unknown) => {
      deps.logger.error(failure, { error: error instanceof Error ? error.name : typeof error });
    });
  const timer = setInterval(() => {
    void attempt(purgeExpired(deps), "purge_failed");
    void attempt(purgeBudgets(deps), "purge_failed");
    void attempt(refreshDecoys(deps), "decoys_failed");
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Erases expired challenges, grants, used tokens, sessions, stored answers, idle source limits and what the scan alarm counted. Nothing depends on it being done. */
export async function purgeExpired({ store, clock }: Pick<Deps, "store" | "clock">): Promise<void> {
  const now = clock.now();
  await store.atomically([
    store.challenges.purge(now - KEPT.challengeMs),
    store.grants.purge(now - KEPT.grantMs),
    store.usedTokens.purge(now - KEPT.usedTokenMs),
    store.sessions.purge(now - KEPT.sessionMs),
    store.idempotency.purge(now - KEPT.idempotencyMs),
    store.sources.purge(now - KEPT.sourceMs),
    store.sights.purge(now - KEPT.sightMs),
    ...store.unknownTallies.purge(
      Math.floor((now - KEPT.tallyMs) / UNKNOWN_RISE.slotMs),
      Math.floor((now - KEPT.tallyMs) / UNKNOWN_RISE.alarmEveryMs),
    ),
  ]);
  await store.committed();
}
