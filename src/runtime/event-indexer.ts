import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { indexEvents } from "../flows/index-events.ts";
import type { Deps } from "../ports/deps.ts";

const EVERY_MS = 1_000;
/** Above this share of busy time the index waits for a quieter second. */
const BUSY = 0.5;
/** Further behind than this it waits no longer: looking a subject's events up reads all that the index does not have. */
const MOST_BEHIND = 50_000;

/** Of several nodes on one database one does it at a time: what it reads stops writers for a moment. */
const TURN_MS = 900;

/**
 * Keeps the audit log's index by subject up to date in quiet moments; never keeps the process alive. Returns the
 * function that stops it and waits for what is under way.
 */
export function startEventIndexer(deps: Pick<Deps, "store" | "clock" | "logger">): () => Promise<void> {
  let last = performance.eventLoopUtilization();
  const stopping = new AbortController();
  const pause = () => setImmediate(undefined, { signal: stopping.signal });
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const [isBusy, since] = wasBusy(last);
    last = since;
    const behind = await countBehind(deps);
    if (behind === 0 || (isBusy && behind < MOST_BEHIND)) return;
    if (!(await deps.store.turns.take("event_index", { nowMs: deps.clock.now(), everyMs: TURN_MS }))) return;
    await indexEvents(deps, { most: MOST_BEHIND, pause });
  }

  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        deps.logger.error("indexing_failed", { error: error instanceof Error ? error.name : typeof error });
      })
      .finally(() => {
        running = undefined;
      });
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}

function wasBusy(last: EventLoopUtilization): [boolean, EventLoopUtilization] {
  const now = performance.eventLoopUtilization();
  return [performance.eventLoopUtilization(now, last).utilization > BUSY, now];
}

/** How many events the index does not have, by their ids. */
async function countBehind({ store }: Pick<Deps, "store">): Promise<number> {
  const [newest] = await store.audit.list({ limit: 1 });
  return Math.max(0, (newest?.id ?? 0) - (await store.audit.bySubject.indexedUpTo()));
}
