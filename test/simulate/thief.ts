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

/** With a relying party's key, asks of each name of a list, half of them real, who is enrolled; for an hour. */
export async function enumerate(service: Countersign, names: number): Promise<ThiefResult> {
  for (let index = 0; index < names; index += 2) await service.enrolApp(nameOf(index));
  // Whoever is enrolled by a key has been seen by it: the thief comes later.
  service.clock.reach(service.clock.sinceStart() + DAY_MS);
  const begin = service.clock.sinceStart();
  let confirmed = 0;
  for (const subject of shuffled(Array.from({ length: names }, (_, index) => nameOf(index)))) {
    if (service.clock.sinceStart() - begin > HOUR_MS) break;
    const { body, status } = await service.post("/v1/subjects/status", { subject });
    if (status === 200 && body.enrolled === true) confirmed++;
    service.clock.reach(service.clock.sinceStart() + SECOND_MS / RATE);
  }
  return { confirmed, alarmSeconds: await alarmAfter(service, begin) };
}

async function alarmAfter({ deps, clock }: Countersign, beginMs: number): Promise<number | undefined> {
  const events = await deps.store.audit.list({ limit: 500 });
  const alarm = events.findLast(({ kind }) => String(kind) === "scan_alarm");
  return alarm && (alarm.atMs - (clock.now() - clock.sinceStart()) - beginMs) / SECOND_MS;
}

function nameOf(index: number): string {
  return `person-${index}@listed.example`;
}

/** The same order in every run. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  const mixed = list.map((one, index) => ({ one, at: Math.imul(index + 1, 0x9e37_79b1) >>> 0 }));
  return mixed.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
