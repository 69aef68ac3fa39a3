import { newId } from "../domain/ids.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import { isSuddenRise, UNKNOWN_RISE } from "../domain/scan.ts";
import type { Deps } from "../ports/deps.ts";
import type { Sight } from "../ports/sight-log.ts";
import { countSight } from "./sights.ts";

/**
 * Counts whom the answers since the last time were about, and looks whether unknown subjects have become many suddenly.
 * Run every second, so that a key is stopped about a second after the subject that is one too many for it.
 */
export async function flushSights(deps: Deps): Promise<void> {
  const { sights, firsts } = deps.sights.drain();
  for (const ofKey of Map.groupBy(candidates(sights), ({ keyId }) => keyId).values()) await countAll(deps, ofKey);
  const counted = firsts + deps.sights.drain().firsts;
  if (counted > 0) await watchRise(deps, counted);
}

/** Each subject once for each key, without those who have shown to be known. */
function candidates(sights: readonly Sight[]): readonly Sight[] {
  const distinct = new Map<string, Sight>();
  for (const sight of sights) if (!sight.isKnown) distinct.set(`${sight.keyId} ${sight.subjectLookup}`, sight);
  return [...distinct.values()];
}

/** Stops at the one that is too many: whoever comes after it changes nothing. */
async function countAll(deps: Deps, sights: readonly Sight[]): Promise<void> {
  for (const sight of sights) {
    const active = await deps.store.authenticators.listActive(sight.subjectLookup);
    if (active.length === 0 && !(await countSight(deps, sight))) return;
  }
}

async function watchRise(deps: Deps, count: number): Promise<void> {
  const { slotMs, slotsBefore, alarmEveryMs } = UNKNOWN_RISE;
  const nowMs = deps.clock.now();
  const slot = Math.floor(nowMs / slotMs);
  const current = await deps.store.unknownTallies.add(slot, count);
  if (!isSuddenRise(current, await deps.store.unknownTallies.sum(slot - slotsBefore, slot - 1))) return;
  if (await deps.store.unknownTallies.claimAlarm(Math.floor(nowMs / alarmEveryMs))) await raiseAlarm(deps, nowMs);
}

/** Every realm hears of it: whose subjects are looked for, the service cannot know. */
async function raiseAlarm({ store, logger, random }: Deps, atMs: number): Promise<void> {
  const realms = (await store.realms.list()).filter(({ id }) => id !== ADMIN_REALM_ID);
  const requestId = newId("req", random.bytes);
  const alarm = { kind: "unknown_subjects_rising", atMs, requestId } as const;
  await store.atomically(realms.map(({ id }) => store.audit.append({ ...alarm, realmId: id })));
  logger.warn("unknown_subjects_rising", { requestId });
}
