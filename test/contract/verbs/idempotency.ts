import { describe, expect, it } from "vitest";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

const LIFE = 10 * MINUTE;

export function describeIdempotency(store: StoreUnderTest): void {
  const claim = (id: string, hash: string, nowMs = NOW) =>
    store().idempotency.claim(id, hash, { nowMs, staleMs: nowMs - LIFE, abandonedMs: nowMs - MINUTE });
  const settle = (id: string) => write(store, store().idempotency.settle(id, NOW, 200, "sealed-body"));

  describe("idempotency keys", () => {
    it("a key is claimed once under sixty parallel tries", async () => {
      const id = fresh("key");
      const claims = await race((racer) => claim(id, `hash${racer}`));
      expect(winners(claims)).toBe(1);
      expect(await store().idempotency.find(id)).toEqual({
        requestHash: `hash${claims.indexOf(true)}`,
        status: null,
        body: null,
        createdAtMs: NOW,
      });
    });

    it("a settled key gives the first verdict to whoever comes later", async () => {
      const id = fresh("key");
      await claim(id, "first");
      await settle(id);
      expect(await claim(id, "second", NOW + LIFE - 1)).toBe(false);
      expect(await store().idempotency.find(id)).toEqual({
        requestHash: "first",
        status: 200,
        body: "sealed-body",
        createdAtMs: NOW,
      });
    });

    it("a stale key is claimed anew by one of sixty, without the old verdict", async () => {
      const id = fresh("key");
      await claim(id, "first");
      await settle(id);
      expect(winners(await race(() => claim(id, "second", NOW + LIFE)))).toBe(1);
      expect(await store().idempotency.find(id)).toEqual({
        requestHash: "second",
        status: null,
        body: null,
        createdAtMs: NOW + LIFE,
      });
    });

    it("a key that was never settled is claimed anew a minute later by one of sixty, and a settled one is not", async () => {
      const [cutOff, settled] = [fresh("key"), fresh("key")];
      for (const id of [cutOff, settled]) await claim(id, "first");
      await settle(settled);
      expect(await claim(cutOff, "second", NOW + MINUTE - 1)).toBe(false);
      expect(winners(await race(() => claim(cutOff, "second", NOW + MINUTE)))).toBe(1);
      expect(await claim(settled, "second", NOW + MINUTE)).toBe(false);
    });

    it("a released key is claimed anew by one of sixty, as if it had never been seen", async () => {
      const id = fresh("key");
      await claim(id, "first");
      await write(store, store().idempotency.release(id, NOW));
      expect(await store().idempotency.find(id)).toBeUndefined();
      expect(winners(await race(() => claim(id, "second")))).toBe(1);
      expect(await store().idempotency.find(id)).toMatchObject({ requestHash: "second", status: null });
    });

    it("a claim that was taken over is neither settled nor released by its first holder", async () => {
      const id = fresh("key");
      await claim(id, "first");
      await claim(id, "second", NOW + LIFE);
      await settle(id);
      await write(store, store().idempotency.release(id, NOW));
      expect(await store().idempotency.find(id)).toMatchObject({ requestHash: "second", status: null });
    });

    it("an unknown key is not found, and settling it makes none", async () => {
      const id = fresh("key");
      await settle(id);
      expect(await store().idempotency.find(id)).toBeUndefined();
    });

    it("purging takes keys claimed before a moment, and no others", async () => {
      const [early, onTime] = [fresh("key"), fresh("key")];
      await claim(early, "hash", NOW - 101);
      await claim(onTime, "hash", NOW - 100);
      await write(store, store().idempotency.purge(NOW - 100));
      expect(await store().idempotency.find(early)).toBeUndefined();
      expect(await store().idempotency.find(onTime)).toBeDefined();
    });
  });
}
