import { type Attempt, type Contestant, DAY_MS, MINUTE_MS, type Outcome, virtualClock } from "./contestant.ts";

/** Policies like the defaults of well-known peers, as models: the rule alone, none of their code. */
export const PEERS = {
  "window per address": windowPerAddress,
  "ten, then 15 minutes": () => lockAfterTen("ten, then 15 minutes", 15 * MINUTE_MS),
  // An administrator looks the next morning, if anybody asks.
  "lock at ten": () => lockAfterTen("lock at ten", Number.POSITIVE_INFINITY),
} as const;

export type PeerName = keyof typeof PEERS;

const PER_WINDOW = 10;
const LOCK_AT = 10;

/** Ten requests a minute from one address, in fixed windows; nothing is counted for the account. */
function windowPerAddress(): Contestant {
  const windows = new Map<string, { start: number; count: number }>();
  return contestant("window per address", ({ address, isOwner }, nowMs) => {
    const start = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const window = windows.get(address);
    const current = window?.start === start ? window : { start, count: 0 };
    windows.set(address, current);
    if (current.count >= PER_WINDOW) return refused(start + MINUTE_MS - nowMs);
    current.count++;
    return isOwner ? ACCEPTED : WRONG;
  });
}

/** Ten failures shut the account for everybody, passkeys and known devices included; a success forgets them. */
function lockAfterTen(name: PeerName, lockMs: number): Contestant {
  const accounts = new Map<string, { failures: number; untilMs: number }>();
  return contestant(name, ({ account, isOwner }, nowMs) => {
    const state = accounts.get(account) ?? { failures: 0, untilMs: 0 };
    accounts.set(account, state);
    if (state.untilMs > nowMs) return refused(state.untilMs - nowMs);
    if (isOwner) {
      state.failures = 0;
      return ACCEPTED;
    }
    state.failures++;
    if (state.failures < LOCK_AT) return WRONG;
    state.failures = 0;
    state.untilMs = nowMs + lockMs;
    return WRONG;
  });
}

const ACCEPTED: Outcome = { kind: "accepted", retryAfterMs: 0 };
const WRONG: Outcome = { kind: "wrong", retryAfterMs: 0 };

function refused(retryAfterMs: number): Outcome {
  return { kind: "refused", retryAfterMs: Math.min(retryAfterMs, 365 * DAY_MS) };
}

function contestant(name: PeerName, decide: (attempt: Attempt, nowMs: number) => Outcome): Contestant {
  const clock = virtualClock();
  return {
    name,
    clock,
    enrol: async () => undefined,
    attempt: async (attempt) => decide(attempt, clock.sinceStart()),
    alarmedAtMs: async () => undefined,
    close: async () => undefined,
  };
}
