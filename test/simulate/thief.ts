import { createHash } from "node:crypto";
import { DAY_MS, HOUR_MS, SECOND_MS } from "./contestant.ts";
import type { Countersign } from "./countersign.ts";

export type ThiefResult = Readonly<{
  /** Names of the list that were confirmed to have an account, in the first hour. */
  confirmed: number;
  /** From the first question to the alarm; undefined when there was none. */
  alarmSeconds: number | undefined;
}>;

/** Questions a second. */
const RATE = 20;

/**
 * With a relying party's key, asks of each name of a list, half of them real, who is enrolled; for an hour. So many times,
 * in another order each, after an administrator has lifted the alarm.
 */
export async function enumerate(service: Countersign, names: number, orders: number): Promise<readonly ThiefResult[]> {
  for (let index = 0; index < names; index += 2) await service.enrolApp(nameOf(index));
  const results: ThiefResult[] = [];
  for (let order = 0; order < orders; order++) {
    // Whoever is enrolled by a key has been seen by it, and so has whoever was asked about before: the thief comes later.
    service.clock.reach(service.clock.sinceStart() + DAY_MS);
    results.push(await goThrough(service, shuffled(names, order)));
    await service.liftAlarm();
  }
  return results;
}

async function goThrough(service: Countersign, subjects: readonly string[]): Promise<ThiefResult> {
  const begin = service.clock.sinceStart();
  let confirmed = 0;
  for (const subject of subjects) {
    if (service.clock.sinceStart() - begin > HOUR_MS) break;
    const { body, status } = await service.post("/v1/subjects/status", { subject });
    if (status === 200 && body.enrolled === true) confirmed++;
    service.clock.reach(service.clock.sinceStart() + SECOND_MS / RATE);
  }
  return { confirmed, alarmSeconds: await alarmAfter(service, begin) };
}

/** From the beginning to the latest alarm, when there was one since. */
async function alarmAfter({ deps, clock }: Countersign, beginMs: number): Promise<number | undefined> {
  const [alarm] = await deps.store.audit.list({ kind: "scan_alarm", limit: 1 });
  const seconds = alarm && (alarm.atMs - (clock.now() - clock.sinceStart()) - beginMs) / SECOND_MS;
  return seconds === undefined || seconds < 0 ? undefined : seconds;
}

function nameOf(index: number): string {
  return `person-${index}@listed.example`;
}

/** The list in an order of its own for each number, the same in every run. */
function shuffled(names: number, order: number): readonly string[] {
  const places = Array.from({ length: names }, (_, index) => ({
    name: nameOf(index),
    at: createHash("sha256").update(`${order} ${index}`).digest("hex"),
  }));
  return places.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ name }) => name);
}
