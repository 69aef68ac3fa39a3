/** One thing that was looked at; `detail` is for a person and holds no secret. */
export type Check = Readonly<{ name: string; ok: boolean; detail: string }>;

export type Result = Readonly<{ ok: boolean; detail: string }>;

/** Makes a check; one that cannot be made counts as failed. */
export function attempt(name: string, look: () => Result): Check {
  try {
    return { name, ...look() };
  } catch (error) {
    return { name, ...unchecked(error) };
  }
}

/** A check that could not be made: names the error and its code, never its text. */
export function unchecked(error: unknown): Result {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return wrong(`cannot be checked: ${error instanceof Error ? error.name : typeof error}${code}`);
}

export function well(detail: string): Result {
  return { ok: true, detail };
}

export function wrong(detail: string): Result {
  return { ok: false, detail };
}
