import { describe, expect, it } from "vitest";
import type { Administrator } from "../../../src/domain/administrator.ts";
import { fresh, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeAdministrators(store: StoreUnderTest): void {
  const added = async (over: Partial<Administrator> = {}) => {
    const administrator: Administrator = {
      id: fresh("adm"),
      subjectLookup: fresh("lookup"),
      name: "Ada",
      role: "operator",
      createdAtMs: NOW,
      lastSignInAtMs: null,
      ...over,
    };
    await write(store, store().administrators.insert(administrator));
    return administrator;
  };

  describe("administrators", () => {
    it("an administrator is found by id and by subject", async () => {
      const administrator = await added();
      expect(await store().administrators.find(administrator.id)).toEqual(administrator);
      expect(await store().administrators.findBySubject(administrator.subjectLookup)).toEqual(administrator);
      expect(await store().administrators.find(fresh("adm"))).toBeUndefined();
      expect(await store().administrators.findBySubject(fresh("lookup"))).toBeUndefined();
    });

    it("a subject is one administrator", async () => {
      const { subjectLookup } = await added();
      await expect(added({ subjectLookup })).rejects.toThrow();
    });

    it("a sign-in is noted", async () => {
      const { id } = await added();
      await write(store, store().administrators.noteSignIn(id, NOW + 1));
      expect((await store().administrators.find(id))?.lastSignInAtMs).toBe(NOW + 1);
    });

    it("an administrator is removed once under sixty parallel tries, and is none from then on", async () => {
      const { id, subjectLookup } = await added();
      expect(winners(await race(() => store().administrators.remove(id, NOW)))).toBe(1);
      expect(await store().administrators.find(id)).toBeUndefined();
      expect(await store().administrators.findBySubject(subjectLookup)).toBeUndefined();
      expect((await store().administrators.list()).map((other) => other.id)).not.toContain(id);
    });

    it("lists administrators oldest first", async () => {
      const [newer, older] = [await added({ createdAtMs: NOW + 1, role: "auditor" }), await added()];
      const own = [older.id, newer.id];
      const listed = (await store().administrators.list()).map(({ id }) => id).filter((id) => own.includes(id));
      expect(listed).toEqual(own);
    });

    // The count of owners is one for the whole database, so these steps are one test.
    it("of three owners two can go under sixty parallel tries, and the last one never", async () => {
      const { addOwner, takeOwner } = store().administrators;
      expect(await takeOwner()).toBe(false);
      await Promise.all([write(store, addOwner()), write(store, addOwner()), write(store, addOwner())]);
      expect(winners(await race(takeOwner))).toBe(2);
      expect(await takeOwner()).toBe(false);
      await write(store, addOwner());
      expect([await takeOwner(), await takeOwner()]).toEqual([true, false]);
    });
  });
}
