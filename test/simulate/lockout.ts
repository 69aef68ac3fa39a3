import { type Contestant, DAY_MS, HOUR_MS, MINUTE_MS, type Way } from "./contestant.ts";

/** What the one who wants to lock somebody out has. */
export type LockerOut = "the password" | "the user name";

/** The share of the owner's daily sign-ins that were refused, by the way that the owner comes. */
export type LockoutResult = Readonly<Record<"known device" | "new device" | "passkey", number>>;

const ACCOUNT = "victim-of-the-locker-out";
const EVERY_MS = 15 * MINUTE_MS;
const BURST = 12;

/**
 * Every quarter of an hour, day and night, wrong codes until one is refused, from changing addresses; the owner signs in once a day from a known
 * device, once from a new one and once with a passkey, at an hour that moves through the day.
 */
export async function lockOut(contestant: Contestant, has: LockerOut, days: number): Promise<LockoutResult> {
  await contestant.enrol(ACCOUNT);
  const { clock } = contestant;
  const start = clock.sinceStart();
  const refused: Record<keyof LockoutResult, number> = { "known device": 0, "new device": 0, passkey: 0 };
  const way: Way = has === "the password" ? "new device" : "no password";
  let tries = 0;
  for (let day = 0; day < days; day++) {
    const visit = start + day * DAY_MS + ((day * 7) % 24) * HOUR_MS + 2 * MINUTE_MS;
    for (let now = start + day * DAY_MS; now < start + (day + 1) * DAY_MS; now += EVERY_MS) {
      clock.reach(now);
      for (let more = true, burst = 0; more && burst < BURST; burst++) {
        const attempt = { account: ACCOUNT, address: addressOf(tries++), way, isOwner: false };
        more = (await contestant.attempt(attempt)).kind !== "refused";
      }
      if (now > visit || now + EVERY_MS <= visit) continue;
      for (const by of ["known device", "new device", "passkey"] as const) {
        const outcome = await contestant.attempt({ account: ACCOUNT, address: "198.51.100.7", way: by, isOwner: true });
        if (outcome.kind !== "accepted") refused[by]++;
      }
    }
  }
  return {
    "known device": refused["known device"] / days,
    "new device": refused["new device"] / days,
    passkey: refused.passkey / days,
  };
}

/** One of ten thousand. */
export function addressOf(index: number): string {
  return `10.${Math.floor(index / 250) % 40}.${index % 250}.9`;
}
