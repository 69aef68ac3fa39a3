import type { Contestant } from "./contestant.ts";
import { HOUR_MS, ODDS_PER_GUESS, YEAR_MS } from "./contestant.ts";
import { type Countersign, openCountersign } from "./countersign.ts";
import { readDump } from "./dump.ts";
import { BY_EACH_WAY, type GuesserResult, guess, STRATEGIES, type StrategyName } from "./guesser.ts";
import { lockOut } from "./lockout.ts";
import { PEERS, type PeerName } from "./peers.ts";
import type { Row } from "./report.ts";
import { FAST, SLOW, type SprayPlan, spray } from "./spraying.ts";
import { enumerate } from "./thief.ts";

/** How much of each attack is carried out. */
export type Scale = Readonly<{
  guesserDays: number;
  lockoutDays: number;
  sprayMs: number;
  sprayAccounts: number;
  listed: number;
  dumped: number;
}>;

export const FULL: Scale = {
  guesserDays: 365,
  lockoutDays: 60,
  sprayMs: YEAR_MS,
  sprayAccounts: 1_000_000,
  listed: 2_000,
  dumped: 100,
};

export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[]; // As the table has them.

/** (a) One account, whose password is known, for a year. */
async function patientGuesser({ guesserDays }: Scale): Promise<readonly Row[]> {
  const results = new Map<StrategyName, GuesserResult>();
  for (const name of Object.keys(STRATEGIES) as StrategyName[]) {
    results.set(name, await withOurs((ours) => guess(ours, name, guesserDays)));
  }
  const peers = await withPeers(async (peer) => (await guess(peer, "as soon as allowed", guesserDays)).odds);
  const best = [...results]
    .filter(([name]) => name !== BY_EACH_WAY)
    .reduce((a, b) => (b[1].guesses > a[1].guesses ? b : a));
  return [
    ...[...results].map(([name, { guesses }]) => ({ part: "a", name: `guesses a year, ${name}`, value: guesses })),
    {
      part: "a",
      name: `odds of a takeover an account and year, best strategy (${best[0]})`,
      value: best[1].odds,
      aim: { below: 1 / 1000 },
      peers,
    },
    {
      part: "a",
      name: "the same where the relying party leaves a way in without a password",
      value: results.get(BY_EACH_WAY)?.odds,
    },
  ];
}

/** (b) One guess each at a million accounts, whose passwords are known. */
async function spraying({ sprayMs, sprayAccounts }: Scale): Promise<readonly Row[]> {
  const scaled = (plan: SprayPlan) => ({ ...plan, forMs: sprayMs, accounts: sprayAccounts });
  const fast = await withOurs((ours) => spray(ours, scaled(FAST)));
  const slow = await withOurs((ours) => spray(ours, scaled(SLOW)));
  const takeovers = await withPeers(async (peer) => (await spray(peer, scaled(FAST))).expectedTakeovers);
  const hidden = SLOW.accounts * ODDS_PER_GUESS;
  return [
    { part: "b", name: "fast: guesses before the alarm", value: fast.guessesBeforeAlarm, aim: { atMost: 10_000 } },
    { part: "b", name: "fast: seconds until the alarm", value: fast.alarmSeconds, aim: { atMost: 60 } },
    {
      part: "b",
      name: "fast: guesses in a year, if nobody does anything",
      value: fast.guesses,
      aim: { atMost: 10_000 },
    },
    {
      part: "b",
      name: "fast: expected takeovers",
      value: fast.expectedTakeovers,
      aim: { below: 0.03 },
      peers: takeovers,
    },
    { part: "b", name: "slow: guesses before the alarm", value: slow.guessesBeforeAlarm },
    { part: "b", name: "slow: expected takeovers, in a realm where few sign in", value: slow.expectedTakeovers },
    {
      part: "b",
      name: "slow: expected takeovers, hidden among enough right codes (arithmetic)",
      value: hidden,
      aim: { atMost: 2 },
      peers: Object.fromEntries(PEER_NAMES.map((name) => [name, hidden])),
    },
    {
      part: "b",
      name: "slow: people an hour with right codes from new devices that it takes to hide it (arithmetic)",
      value: Math.ceil((4 * HOUR_MS) / SLOW.everyMs),
    },
  ];
}

/** (c) Wrong codes day and night, to keep the owner out. */
async function lockingOut({ lockoutDays }: Scale): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const has of ["the password", "the user name"] as const) {
    const ours = await withOurs((one) => lockOut(one, has, lockoutDays));
    const peers = new Map<PeerName, Awaited<ReturnType<typeof lockOut>>>();
    for (const name of PEER_NAMES) peers.set(name, await lockOut(PEERS[name](), has, lockoutDays));
    for (const way of ["known device", "new device", "passkey"] as const) {
      rows.push({
        part: "c",
        name: `share of sign-ins refused, attacker has ${has}, owner has a ${way}`,
        value: ours[way],
        ...(way === "new device" ? {} : { aim: { atMost: 0 } }),
        peers: Object.fromEntries([...peers].map(([name, result]) => [name, result[way]])),
      });
    }
  }
  return rows;
}

/** In how many orders the thief goes through the list. */
const ORDERS = 12;

/** (d) A stolen key and a list. */
async function thief({ listed }: Scale): Promise<readonly Row[]> {
  const results = await withOurs((ours) => enumerate(ours, listed, ORDERS));
  return [
    {
      part: "d",
      name: `names of a list of ${listed}, half real, confirmed in an hour, the most of ${ORDERS} orders`,
      value: Math.max(...results.map(({ confirmed }) => confirmed)),
      aim: { atMost: 100 },
      // Ten a minute from one address; the others answer 404 to whoever asks, as fast as they can.
      peers: { "window per address": 300, "ten, then 15 minutes": "all", "lock at ten": "all" },
    },
    {
      part: "d",
      name: `seconds until the alarm, the latest of ${ORDERS} orders`,
      value: Math.max(...results.map(({ alarmSeconds }) => alarmSeconds ?? Number.POSITIVE_INFINITY)),
      aim: { atMost: 60 },
    },
  ];
}

/** (e) The database without the key. */
async function dumpHolder({ dumped }: Scale): Promise<readonly Row[]> {
  const { people, identifiers, secrets } = await withOurs((ours) => readDump(ours, dumped));
  return [
    { part: "e", name: `identifiers found of ${people} people in the dump`, value: identifiers, aim: { atMost: 0 } },
    { part: "e", name: "secrets found in the dump", value: secrets, aim: { atMost: 0 } },
  ];
}

export const SCENARIOS = {
  a: patientGuesser,
  b: spraying,
  c: lockingOut,
  d: thief,
  e: dumpHolder,
} as const satisfies Record<string, (scale: Scale) => Promise<readonly Row[]>>;

async function withOurs<T>(act: (ours: Countersign) => Promise<T>): Promise<T> {
  const ours = await openCountersign();
  try {
    return await act(ours);
  } finally {
    await ours.close();
  }
}

async function withPeers(act: (peer: Contestant) => Promise<number>): Promise<Partial<Record<PeerName, number>>> {
  const results: Partial<Record<PeerName, number>> = {};
  for (const name of PEER_NAMES) results[name] = await act(PEERS[name]());
  return results;
}
