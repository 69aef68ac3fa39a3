/** How somebody comes to a sign-in. */
export type Way =
  /** From a device that the account has signed in from before. */
  | "known device"
  /** With the password, from a device nobody knows, and a six-digit code. */
  | "new device"
  /** With a passkey, from a device nobody knows. */
  | "passkey"
  /** With a six-digit code alone: the relying party asked for no password first. */
  | "no password";

export type Attempt = Readonly<{
  account: string;
  address: string;
  way: Way;
  /** The owner answers rightly; an attacker guesses, and every guess of a simulation is wrong. */
  isOwner: boolean;
}>;

/** What came of an attempt. Refused ones were not looked at. */
export type Outcome = Readonly<{ kind: "accepted" | "wrong" | "refused"; retryAfterMs: number }>;

/** Something that checks codes under a policy, at the time that the simulation says it is. */
export type Contestant = Readonly<{
  name: string;
  clock: VirtualClock;
  /** Makes an account that can sign in every way. */
  enrol: (account: string) => Promise<void>;
  attempt: (attempt: Attempt) => Promise<Outcome>;
  /** When an alarm was raised, in milliseconds since the start; undefined while there was none. */
  alarmedAtMs: () => Promise<number | undefined>;
  close: () => Promise<void>;
}>;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const YEAR_MS = 365 * DAY_MS;

export type VirtualClock = Readonly<{
  /** 2026-01-01T00:00:00Z at the start. */
  now: () => number;
  sinceStart: () => number;
  /** Moves on to a moment since the start, never back. */
  reach: (sinceStartMs: number) => void;
}>;

export function virtualClock(): VirtualClock {
  const startMs = Date.UTC(2026, 0, 1);
  let sinceStartMs = 0;
  return {
    now: () => startMs + sinceStartMs,
    sinceStart: () => sinceStartMs,
    reach: (toMs) => {
      sinceStartMs = Math.max(sinceStartMs, Math.ceil(toMs));
    },
  };
}

/** Two live codes of a million: the current step's and the one before. */
export const ODDS_PER_GUESS = 2 / 1_000_000;

/** How likely one of so many guesses is right, each against codes that change meanwhile. */
export function takeoverOdds(guesses: number): number {
  return 1 - (1 - ODDS_PER_GUESS) ** guesses;
}
