import { describe, expect, it } from "vitest";
import type { StoredSystemKey } from "../../../src/ports/store.ts";
import { fresh, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeSystemKeys(store: StoreUnderTest): void {
  const stored = async (id: string, kind: StoredSystemKey["kind"] = "signing") =>
    (await store().systemKeys.list(kind)).find((key) => key.id === id);

  describe("system keys", () => {
    it("the first of sixty processes that make a key at once decides it", async () => {
      const id = fresh("key");
      const results = await race((racer) => store().systemKeys.insert(aKey(id, { sealed: `sealed${racer}` })));
      expect(winners(results)).toBe(1);
      expect(await stored(id)).toEqual(aKey(id, { sealed: `sealed${results.indexOf(true)}` }));
    });

    it("lists the keys of one kind, oldest first", async () => {
      const [newer, older, root] = [fresh("key"), fresh("key"), fresh("key")];
      await store().systemKeys.insert(aKey(newer, { createdAtMs: NOW + 1 }));
      await store().systemKeys.insert(aKey(older));
      await store().systemKeys.insert(aKey(root, { kind: "mac_root", publicJwk: null }));
      const own = [older, newer, root];
      const listed = (await store().systemKeys.list("signing")).map(({ id }) => id).filter((id) => own.includes(id));
      expect(listed).toEqual([older, newer]);
      expect(await stored(root, "mac_root")).toMatchObject({ publicJwk: null });
    });

    it("a dropped key is gone, and its neighbour is not", async () => {
      const [dropped, kept] = [fresh("key"), fresh("key")];
      for (const id of [dropped, kept]) await store().systemKeys.insert(aKey(id));
      await write(store, store().systemKeys.drop(dropped));
      expect([await stored(dropped), await stored(kept)]).toEqual([undefined, aKey(kept)]);
    });

    it("an envelope is replaced once under sixty parallel tries, and only while it is the old one", async () => {
      const id = fresh("key");
      await store().systemKeys.insert(aKey(id));
      const { reseal } = store().systemKeys;
      expect(await reseal(id, "other", "next")).toBe(false);
      const results = await race((racer) => reseal(id, "sealed", `next${racer}`));
      expect(winners(results)).toBe(1);
      expect((await stored(id))?.sealed).toBe(`next${results.indexOf(true)}`);
    });
  });
}

function aKey(id: string, over: Partial<StoredSystemKey> = {}): StoredSystemKey {
  return { id, kind: "signing", sealed: "sealed", publicJwk: "{}", createdAtMs: NOW, retiredAtMs: null, ...over };
}
