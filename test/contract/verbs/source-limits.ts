import { describe, expect, it } from "vitest";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

const POLICY = { burst: 10, perMinute: 60 };

export function describeSourceLimits(store: StoreUnderTest): void {
  const taken = async (id: string, now: number, times = 60, policy = POLICY) =>
    winners(await race(() => store().sources.take(id, policy, now), times));

  describe("source limits", () => {
    it("sixty parallel requests of a new source pass exactly the burst", async () => {
      expect(await taken(fresh("source"), NOW)).toBe(10);
    });

    it("after the burst a source gets one request an interval", async () => {
      const id = fresh("source");
      await taken(id, NOW);
      expect(await taken(id, NOW + 999)).toBe(0);
      expect(await taken(id, NOW + 1000)).toBe(1);
      expect(await taken(id, NOW + 3500)).toBe(2);
    });

    it("a quiet source gets its burst back, and no more than that", async () => {
      const id = fresh("source");
      await taken(id, NOW);
      expect(await taken(id, NOW + 60 * MINUTE)).toBe(10);
    });

    it("a burst of one is one request an interval from the first on", async () => {
      const id = fresh("source");
      const policy = { burst: 1, perMinute: 60 };
      expect(await taken(id, NOW, 60, policy)).toBe(1);
      expect(await taken(id, NOW + 999, 60, policy)).toBe(0);
      expect(await taken(id, NOW + 1000, 60, policy)).toBe(1);
    });

    it("a refused request is not counted", async () => {
      const id = fresh("source");
      await taken(id, NOW, 600);
      expect(await taken(id, NOW + 1000)).toBe(1);
    });

    it("over an hour of asking all the time a source gets the burst and its rate", async () => {
      const id = fresh("source");
      let count = 0;
      for (let now = NOW; now < NOW + 60 * MINUTE; now += 700) count += await taken(id, now, 3);
      expect(count).toBeGreaterThan(3590);
      expect(count).toBeLessThanOrEqual(10 + 3600);
    });

    it("sources do not share a limit", async () => {
      await taken(fresh("source"), NOW);
      expect(await taken(fresh("source"), NOW)).toBe(10);
    });

    it("purging forgets the sources that are quiet and no others", async () => {
      const [quiet, busy] = [fresh("source"), fresh("source")];
      await taken(quiet, NOW - MINUTE);
      await taken(busy, NOW);
      await write(store, store().sources.purge(NOW));
      expect(await taken(quiet, NOW - MINUTE)).toBe(10);
      expect(await taken(busy, NOW)).toBe(0);
    });
  });
}
