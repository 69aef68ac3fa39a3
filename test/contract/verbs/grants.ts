import { describe, expect, it } from "vitest";
import type { StoredGrant } from "../../../src/ports/store.ts";
import { fresh, MINUTE, NOW, newGrant, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

const EXPIRY = NOW + 10 * MINUTE;

export function describeGrants(store: StoreUnderTest): void {
  const granted = async (over: Partial<StoredGrant> = {}) => {
    const grant = newGrant(over);
    await write(store, store().grants.insert(grant));
    return grant;
  };
  const exists = async (id: string) => (await store().grants.find(id)) !== undefined;

  describe("grants", () => {
    it("a grant is spent once under sixty parallel tries", async () => {
      const grant = await granted();
      const spent = await race((racer) => store().grants.spend(grant.id, NOW + racer));
      expect(winners(spent)).toBe(1);
      expect(await store().grants.find(grant.id)).toEqual(spent.find((result) => result !== undefined));
    });

    it("a grant gives what it was made with, before and after it is spent", async () => {
      const grant = await granted({ kind: "admin_invite", rpId: null, subjectLookup: null });
      expect(await store().grants.find(grant.id)).toEqual({ ...grant, usedAtMs: null });
      expect(await store().grants.spend(grant.id, NOW)).toEqual({ ...grant, usedAtMs: NOW });
    });

    it("a grant is spent until the millisecond before it expires", async () => {
      const { id } = await granted();
      expect(await store().grants.spend(id, EXPIRY)).toBeUndefined();
      expect(await store().grants.spend(id, EXPIRY - 1)).toBeDefined();
    });

    it("an unknown grant is not spent", async () => {
      expect(await store().grants.spend(fresh("grant"), NOW)).toBeUndefined();
    });

    it("a dropped grant is gone, and its neighbour is not", async () => {
      const [dropped, kept] = [await granted(), await granted()];
      await write(store, store().grants.drop(dropped.id));
      expect(await store().grants.spend(dropped.id, NOW)).toBeUndefined();
      expect(await store().grants.spend(kept.id, NOW)).toBeDefined();
    });

    it("dropping a subject's grants leaves those of others", async () => {
      const subjectLookup = fresh("lookup");
      const [dropped, kept, nobodys] = [
        await granted({ subjectLookup }),
        await granted(),
        await granted({ subjectLookup: null }),
      ];
      await write(store, store().grants.dropOf(subjectLookup));
      expect([await exists(dropped.id), await exists(kept.id), await exists(nobodys.id)]).toEqual([false, true, true]);
    });

    it("lists the grants of a kind that are unused and not expired, oldest first", async () => {
      const newer = await granted({ kind: "account", createdAtMs: NOW + 1 });
      const older = await granted({ kind: "account" });
      const used = await granted({ kind: "account" });
      const expired = await granted({ kind: "account", expiresAtMs: NOW });
      const other = await granted({ kind: "prompt" });
      await store().grants.spend(used.id, NOW);
      const own = [newer, older, used, expired, other].map((grant) => grant.id);
      const listed = (await store().grants.listOpen("account", NOW)).map((grant) => grant.id);
      expect(listed.filter((id) => own.includes(id))).toEqual([older.id, newer.id]);
    });

    it("purging takes grants that expired before a moment, and no others", async () => {
      const [early, onTime] = [await granted({ expiresAtMs: NOW - 101 }), await granted({ expiresAtMs: NOW - 100 })];
      await write(store, store().grants.purge(NOW - 100));
      expect([await exists(early.id), await exists(onTime.id)]).toEqual([false, true]);
    });
  });
}
