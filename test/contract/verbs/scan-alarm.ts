import { describe, expect, it } from "vitest";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

const HOUR = 60 * MINUTE;

export function describeScanAlarm(store: StoreUnderTest): void {
  const sighted = (keyId: string, subjectLookup: string, nowMs = NOW, isKnown = false) =>
    store().sights.add({ keyId, subjectLookup, isKnown, nowMs, sinceMs: nowMs - HOUR });
  const takeUnknown = (id: string, limit: number, nowMs: number) =>
    store().apiKeys.takeSight(id, { isKnown: false, limit, nowMs });
  const takeKnown = (id: string, limit: number, nowMs: number) =>
    store().apiKeys.takeSight(id, { isKnown: true, limit, nowMs });
  const stoppedAt = async (hash: string) => (await store().apiKeys.findUsable(hash, NOW))?.scanStoppedAtMs;

  describe("sights of unknown subjects", () => {
    it("a subject is new to a key once an hour, also under sixty parallel tries", async () => {
      const [key, subject] = [fresh("key"), fresh("lookup")];
      expect(winners(await race(() => sighted(key, subject)))).toBe(1);
      expect(await sighted(key, subject, NOW + HOUR - 1)).toBe(false);
      expect(await sighted(key, subject, NOW + HOUR)).toBe(true);
    });

    it("a subject is new to each key, and each subject to a key", async () => {
      const [key, subject] = [fresh("key"), fresh("lookup")];
      expect(await sighted(key, subject)).toBe(true);
      expect(await sighted(fresh("key"), subject)).toBe(true);
      expect(await sighted(key, fresh("lookup"))).toBe(true);
    });

    it("forgetting a subject names the keys that had asked, once", async () => {
      const [one, two, subject, other] = [fresh("key"), fresh("key"), fresh("lookup"), fresh("lookup")];
      await sighted(one, subject);
      await sighted(two, subject);
      await sighted(one, other);
      expect([...(await store().sights.forget(subject))].sort()).toEqual([one, two].sort());
      expect(await store().sights.forget(subject)).toEqual([]);
      expect(await sighted(one, other)).toBe(false);
    });

    it("forgetting a subject does not name the keys that knew it", async () => {
      const [one, two, subject] = [fresh("key"), fresh("key"), fresh("lookup")];
      await sighted(one, subject, NOW, true);
      await sighted(two, subject);
      expect(await store().sights.forget(subject)).toEqual([two]);
      await sighted(one, subject, NOW, true);
      expect(await sighted(one, subject, NOW + HOUR)).toBe(true);
      expect(await store().sights.forget(subject)).toEqual([one]);
    });

    it("purging forgets the old ones and no others", async () => {
      const [key, old, recent] = [fresh("key"), fresh("lookup"), fresh("lookup")];
      await sighted(key, old, NOW - HOUR - 1);
      await sighted(key, recent, NOW - HOUR);
      await write(store, store().sights.purge(NOW - HOUR));
      expect([await sighted(key, old, NOW - HOUR), await sighted(key, recent, NOW - HOUR)]).toEqual([true, false]);
    });
  });

  describe("the count of unknown subjects", () => {
    it("stops a key with the one that is over the limit, once under two hundred parallel tries", async () => {
      const key = await issued(store);
      const taken = await race(() => takeUnknown(key.id, 10, NOW), 200);
      expect(taken.filter((one) => one === "counted")).toHaveLength(10);
      expect(taken.filter((one) => one === "stopped")).toHaveLength(1);
      expect(await stoppedAt(key.hash)).toBe(NOW);
    });

    it("starts anew an hour after the first, and a stopped key stays stopped", async () => {
      const key = await issued(store);
      const take = (nowMs: number) => takeUnknown(key.id, 2, nowMs);
      expect([await take(NOW), await take(NOW + HOUR - 1)]).toEqual(["counted", "counted"]);
      expect([await take(NOW + HOUR), await take(NOW + HOUR)]).toEqual(["counted", "counted"]);
      expect(await take(NOW + HOUR)).toBe("stopped");
      expect(await take(NOW + 100 * HOUR)).toBeUndefined();
      expect(await stoppedAt(key.hash)).toBe(NOW + HOUR);
    });

    it("counts known subjects as well once ten are unknown, and stops a key that is told of too many of both", async () => {
      const key = await issued(store);
      const take = async (unknown: number, known: number) => {
        const taken = [];
        for (let one = 0; one < unknown; one++) taken.push(await takeUnknown(key.id, 40, NOW));
        for (let one = 0; one < known; one++) taken.push(await takeKnown(key.id, 40, NOW));
        return [...new Set(taken)];
      };
      expect(await take(10, 30)).toEqual(["counted"]);
      expect(await takeUnknown(key.id, 40, NOW)).toBe("stopped");
      expect(await takeKnown(key.id, 40, NOW)).toBeUndefined();
      expect((await store().apiKeys.listOf(key.rpId))[0]).toMatchObject({ unknownCount: 11, knownCount: 30 });
    });

    it("stops a key with one known subject in such a mix, once under two hundred parallel tries", async () => {
      const key = await issued(store);
      for (let one = 0; one < 20; one++) await takeUnknown(key.id, 40, NOW);
      const taken = await race(() => takeKnown(key.id, 40, NOW), 200);
      expect(taken.filter((one) => one === "counted")).toHaveLength(20);
      expect(taken.filter((one) => one === "stopped")).toHaveLength(1);
    });

    it("leaves known subjects alone where few are unknown, up to the limit of those", async () => {
      const [few, share] = [await issued(store), await issued(store)];
      for (let one = 0; one < 9; one++) await takeUnknown(few.id, 40, NOW);
      for (let one = 0; one < 100; one++) expect(await takeKnown(few.id, 40, NOW)).toBe("counted");
      for (let one = 0; one < 121; one++) await takeKnown(share.id, 40, NOW);
      for (let one = 0; one < 40; one++) expect(await takeUnknown(share.id, 40, NOW)).toBe("counted");
      expect(await takeUnknown(share.id, 40, NOW)).toBe("stopped");
    });

    it("forgets known subjects with the hour, and with the lifting", async () => {
      const key = await issued(store);
      for (let one = 0; one < 10; one++) await takeUnknown(key.id, 10, NOW);
      expect(await takeKnown(key.id, 10, NOW)).toBe("stopped");
      await store().apiKeys.liftScanAlarm(key.rpId);
      expect((await store().apiKeys.listOf(key.rpId))[0]).toMatchObject({ unknownCount: 0, knownCount: 0 });
      await takeKnown(key.id, 10, NOW);
      for (let one = 0; one < 10; one++) expect(await takeUnknown(key.id, 10, NOW + HOUR)).toBe("counted");
      expect((await store().apiKeys.listOf(key.rpId))[0]).toMatchObject({ unknownCount: 10, knownCount: 0 });
    });

    it("is given back one by one, never below zero and never for a stopped key", async () => {
      const key = await issued(store);
      await write(store, store().apiKeys.giveUnknownBack(key.id));
      const take = () => takeUnknown(key.id, 1, NOW);
      expect(await take()).toBe("counted");
      await write(store, store().apiKeys.giveUnknownBack(key.id));
      expect([await take(), await take()]).toEqual(["counted", "stopped"]);
      await write(store, store().apiKeys.giveUnknownBack(key.id));
      expect((await store().apiKeys.listOf(key.rpId))[0]).toMatchObject({ unknownCount: 2, scanStoppedAtMs: NOW });
    });

    it("lifting reaches the stopped keys of one relying party, and counts from zero", async () => {
      const rpId = fresh("rp");
      const [one, running, other] = [await issued(store, rpId), await issued(store, rpId), await issued(store)];
      for (const { id } of [one, one, other, other]) await takeUnknown(id, 1, NOW);
      await takeUnknown(running.id, 1, NOW);
      expect(await store().apiKeys.liftScanAlarm(rpId)).toBe(1);
      expect(await store().apiKeys.liftScanAlarm(rpId)).toBe(0);
      expect([await stoppedAt(one.hash), await stoppedAt(other.hash)]).toEqual([null, NOW]);
      expect(await takeUnknown(one.id, 1, NOW)).toBe("counted");
      expect(await takeUnknown(running.id, 1, NOW)).toBe("stopped");
    });
  });

  describe("the tally of first sights", () => {
    it("adds up in its slot under sixty parallel additions, and sums slots", async () => {
      await race(() => store().unknownTallies.add(5, 2));
      expect(await store().unknownTallies.add(5, 1)).toBe(121);
      expect(await store().unknownTallies.add(10, 7)).toBe(7);
      await store().unknownTallies.add(11, 1);
      expect(await store().unknownTallies.sum(5, 10)).toBe(128);
      expect(await store().unknownTallies.sum(6, 9)).toBe(0);
    });

    it("the alarm of a period is claimed once, also under sixty parallel tries", async () => {
      expect(winners(await race(() => store().unknownTallies.claimAlarm(77)))).toBe(1);
      expect(await store().unknownTallies.claimAlarm(78)).toBe(true);
    });

    it("purging forgets what lies before", async () => {
      await store().unknownTallies.add(1000, 1);
      await store().unknownTallies.add(999, 1);
      await store().unknownTallies.claimAlarm(200);
      await store().unknownTallies.claimAlarm(199);
      await store().atomically(store().unknownTallies.purge(1000, 200));
      expect(await store().unknownTallies.sum(0, 1000)).toBe(1);
      expect(await store().unknownTallies.claimAlarm(200)).toBe(false);
      expect(await store().unknownTallies.claimAlarm(199)).toBe(true);
    });
  });
}

async function issued(store: StoreUnderTest, rpId = fresh("rp")) {
  const key = { id: fresh("key"), rpId, hash: fresh("hash"), realmId: "default", prefix: "cs_abcd" };
  const rest = { scopes: ["verify"], createdAtMs: NOW, expiresAtMs: null };
  await write(store, store().apiKeys.insert({ ...key, ...rest }));
  return key;
}
