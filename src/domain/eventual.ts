/** What some engines have at once and others later. Awaited like any promise; what is there at once costs none. */
export type Eventual<T> = T | Promise<T>;

/** Goes on with a value as soon as it is there: at once where it is. */
export function afterwards<T, U>(value: Eventual<T>, next: (value: T) => Eventual<U>): Eventual<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
