/** What some engines have at once and others later. Awaited like any promise; what is there at once costs none. */
export type Eventual<T> = T | Promise<T>;

/** Goes on with a value as soon as it is there: at once where it is. */
export function afterwards<T, U>(value: Eventual<T>, next: (value: T) => Eventual<U>): Eventual<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * Awaited, ends a stage of a request: the others that came with it finish theirs before any of them goes on. A stage that
 * sixty requests pass one right after another finds its code in the processor's caches for all but the first, which is
 * worth far more than the wait costs. To be put between pieces of work that share little code, where requests come together.
 */
export async function endOfStage(): Promise<void> {}
