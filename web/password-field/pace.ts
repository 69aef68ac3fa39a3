/** How long typing has to rest before the password is looked at, and the least time between two looks, in milliseconds. */
const REST_MS = 300;
const LEAST_MS = 500;

/** Runs the latest work when typing rests, at most every half second; `now` runs it at once. */
export function createPace() {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  const cancel = () => clearTimeout(timer);
  const now = (work: () => void) => {
    cancel();
    lastMs = performance.now();
    work();
  };
  const later = (work: () => void, restMs = REST_MS) => {
    cancel();
    const waitMs = Math.max(restMs, lastMs + LEAST_MS - performance.now());
    timer = setTimeout(() => now(work), waitMs);
  };
  return { now, later, cancel };
}
