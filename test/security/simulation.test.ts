import { describe, expect, test } from "vitest";
import { DAY_MS, takeoverOdds } from "../simulate/contestant.ts";
import { guess } from "../simulate/guesser.ts";
import { lockOut } from "../simulate/lockout.ts";
import { PEERS } from "../simulate/peers.ts";
import { isMet, type Row } from "../simulate/report.ts";
import { FULL, SCENARIOS, type Scale } from "../simulate/scenarios.ts";
import { FAST, spray } from "../simulate/spraying.ts";

/** `npm run simulate` in short. */
const SHORT: Scale = {
  ...FULL,
  guesserDays: 40,
  lockoutDays: 5,
  sprayMs: 2 * DAY_MS,
  sprayAccounts: 20_000,
  listed: 600,
  dumped: 5,
};
const SLOW_MS = 240_000;

function figureOf(rows: readonly Row[], name: RegExp): number | undefined {
  const row = rows.find((one) => name.test(one.name));
  if (row === undefined) throw new Error(`no such figure: ${name}`);
  return row.value;
}

describe("in a simulation of attacks on the real service", () => {
  test.each(["a", "b", "c", "d", "e"] as const)(
    "part %s meets its aims",
    async (part) => {
      const rows = await SCENARIOS[part](SHORT);
      const aimed = rows.filter(({ aim }) => aim !== undefined);
      expect(aimed.length).toBeGreaterThan(0);
      expect(aimed.filter((row) => isMet(row) !== true)).toEqual([]);
    },
    SLOW_MS,
  );

  test(
    "whoever has the password has 25 guesses a month at best, whatever the strategy",
    async () => {
      const rows = await SCENARIOS.a(SHORT);
      for (const strategy of ["as soon as allowed", "five a day", "evenly"])
        expect(figureOf(rows, new RegExp(strategy)), strategy).toBeLessThanOrEqual(50);
      expect(figureOf(rows, /guesses a year, five a day/)).toBeGreaterThan(25);
    },
    SLOW_MS,
  );

  test(
    "spraying is looked at 500 times, then once an hour",
    async () => {
      const rows = await SCENARIOS.b(SHORT);
      expect(figureOf(rows, /guesses before the alarm/)).toBe(500);
      const guesses = figureOf(rows, /guesses in a year/) ?? 0;
      expect(guesses).toBeGreaterThan(500 + 45);
      expect(guesses).toBeLessThanOrEqual(500 + 48);
    },
    SLOW_MS,
  );
});

describe("the same attacks on models of peers' policies succeed, so that the simulation would tell", () => {
  test("without a limit for the account, a year of guessing takes it over", async () => {
    const { odds } = await guess(PEERS["window per address"](), "as soon as allowed", 60);
    expect(odds).toBeGreaterThan(0.5);
  });

  test("locking for fifteen minutes after ten lets one in three through in a year", async () => {
    const { guesses } = await guess(PEERS["ten, then 15 minutes"](), "as soon as allowed", 365);
    expect(takeoverOdds(guesses)).toBeGreaterThan(1 / 3);
  });

  test("nobody notices spraying", async () => {
    for (const open of Object.values(PEERS)) {
      const { guesses, guessesBeforeAlarm } = await spray(open(), { ...FAST, accounts: 20_000 });
      expect([guesses, guessesBeforeAlarm]).toEqual([20_000, undefined]);
    }
  });

  test("locking accounts keeps owners out, also with a known device or a passkey", async () => {
    for (const name of ["ten, then 15 minutes", "lock at ten"] as const) {
      const refused = await lockOut(PEERS[name](), "the user name", 10);
      expect(refused["known device"], name).toBeGreaterThan(0.2);
      expect(refused.passkey, name).toBeGreaterThan(0.2);
    }
  });
});
