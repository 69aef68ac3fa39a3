import { flushSights } from "../flows/flush-sights.ts";
import type { Deps } from "../ports/deps.ts";

const EVERY_MS = 1_000;

/**
 * Counts every second whom answers were about, for the scan alarm; never keeps the process alive. Returns the function
 * that stops it, after counting what is left.
 */
export function startSightFlusher(deps: Deps): () => Promise<void> {
  let running: Promise<void> | undefined;
  const flush = () => {
    running ??= flushSights(deps)
      .catch((error: unknown) => {
        deps.logger.error("sights_failed", { error: error instanceof Error ? error.name : typeof error });
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const timer = setInterval(flush, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await flush();
  };
}
