import { describe, expect, it } from "vitest";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeApiKeys(store: StoreUnderTest): void {
  const usable = async (hash: string, now = NOW) => (await store().apiKeys.findUsable(hash, now)) !== undefined;

  describe("API keys", () => {
    it("a key names its caller by its hash alone", async () => {
      const key = await issued(store);
      expect(await store().apiKeys.findUsable(key.hash, NOW)).toEqual({
        keyId: key.id,
        rpId: key.rpId,
        realmId: key.realmId,
        scopes: key.scopes,
        lastUsedAtMs: null,
        scanStoppedAtMs: null,
      });
      expect(await usable(fresh("hash"))).toBe(false);
    });

    it("a key without scopes has none", async () => {
      const key = await issued(store, { scopes: [] });
      expect((await store().apiKeys.findUsable(key.hash, NOW))?.scopes).toEqual([]);
      expect((await store().apiKeys.listOf(key.rpId))[0]?.scopes).toEqual([]);
    });

    it("two keys never share a hash", async () => {
      const key = await issued(store);
      await expect(issued(store, { hash: key.hash })).rejects.toThrow();
    });

    it("a key works until the millisecond before it expires", async () => {
      const key = await issued(store, { expiresAtMs: NOW + MINUTE });
      expect(await usable(key.hash, NOW + MINUTE - 1)).toBe(true);
      expect(await usable(key.hash, NOW + MINUTE)).toBe(false);
    });

    it("a revoked key never works again, and is revoked once under sixty parallel tries", async () => {
      const key = await issued(store);
      expect(winners(await race(() => store().apiKeys.revoke(key.id, key.rpId, NOW)))).toBe(1);
      expect(await usable(key.hash)).toBe(false);
    });

    it("a relying party cannot revoke the key of another", async () => {
      const key = await issued(store);
      expect(await store().apiKeys.revoke(key.id, fresh("rp"), NOW)).toBe(false);
      expect(await usable(key.hash)).toBe(true);
    });

    it("revoking all keys of a relying party leaves those of others", async () => {
      const rpId = fresh("rp");
      const [one, two, other] = [await issued(store, { rpId }), await issued(store, { rpId }), await issued(store)];
      await write(store, store().apiKeys.revokeAllOf(rpId, NOW));
      expect([await usable(one.hash), await usable(two.hash), await usable(other.hash)]).toEqual([false, false, true]);
    });

    it("revoking all keys keeps the time at which one was revoked before", async () => {
      const key = await issued(store);
      await store().apiKeys.revoke(key.id, key.rpId, NOW);
      await write(store, store().apiKeys.revokeAllOf(key.rpId, NOW + MINUTE));
      expect((await store().apiKeys.listOf(key.rpId))[0]?.revokedAtMs).toBe(NOW);
    });

    it("a key that is being replaced works until the overlap ends", async () => {
      const key = await issued(store);
      await write(store, store().apiKeys.expire(key.id, key.rpId, NOW + MINUTE));
      expect(await usable(key.hash, NOW + MINUTE - 1)).toBe(true);
      expect(await usable(key.hash, NOW + MINUTE)).toBe(false);
    });

    it("replacing a key never lengthens its life", async () => {
      const key = await issued(store, { expiresAtMs: NOW });
      await write(store, store().apiKeys.expire(key.id, key.rpId, NOW + MINUTE));
      expect(await usable(key.hash)).toBe(false);
    });

    it("a relying party cannot end the key of another, nor revive a revoked one", async () => {
      const key = await issued(store);
      await write(store, store().apiKeys.expire(key.id, fresh("rp"), NOW));
      expect(await usable(key.hash)).toBe(true);
      await store().apiKeys.revoke(key.id, key.rpId, NOW);
      await write(store, store().apiKeys.expire(key.id, key.rpId, NOW + MINUTE));
      expect(await usable(key.hash)).toBe(false);
    });

    it("lists the keys of one relying party oldest first, with their last use and without their hash", async () => {
      const rpId = fresh("rp");
      const newer = await issued(store, { rpId, createdAtMs: NOW + 1 });
      const older = await issued(store, { rpId });
      await issued(store);
      await write(store, store().apiKeys.noteUse(older.id, NOW + MINUTE));
      const listed = await store().apiKeys.listOf(rpId);
      expect(listed.map((key) => key.id)).toEqual([older.id, newer.id]);
      expect(listed[0]).toMatchObject({ lastUsedAtMs: NOW + MINUTE, scopes: ["verify", "events:read"] });
      expect(listed[0]).not.toHaveProperty("hash");
    });
  });
}

type NewKey = Parameters<ReturnType<StoreUnderTest>["apiKeys"]["insert"]>[0];

async function issued(store: StoreUnderTest, over: Partial<NewKey> = {}) {
  const key: NewKey = {
    id: fresh("key"),
    rpId: fresh("rp"),
    realmId: "default",
    hash: fresh("hash"),
    prefix: "csk_abcd",
    scopes: ["verify", "events:read"],
    createdAtMs: NOW,
    expiresAtMs: null,
    ...over,
  };
  await write(store, store().apiKeys.insert(key));
  return key;
}
