import { describe, expect, it } from "vitest";
import { fresh, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeRelyingParties(store: StoreUnderTest): void {
  describe("relying parties", () => {
    it("a relying party is found as it was registered", async () => {
      const rp = await registered(store);
      expect(await store().relyingParties.find(rp.id)).toEqual({ ...rp, unknownPerHour: null, revokedAtMs: null });
      expect(await store().relyingParties.find(fresh("rp"))).toBeUndefined();
    });

    it("a relying party that signs is found with its keys", async () => {
      const rp = { ...aRelyingParty(), jwks: { keys: [{ kty: "OKP", x: "AA" }] }, allowInsecureAuthorize: true };
      await write(store, store().relyingParties.insert(rp));
      expect(await store().relyingParties.find(rp.id)).toEqual({ ...rp, unknownPerHour: null, revokedAtMs: null });
    });

    it("lists relying parties in the order of their registration, revoked ones too", async () => {
      const later = await registered(store, NOW + 2);
      const earlier = await registered(store, NOW + 1);
      await store().relyingParties.revoke(earlier.id, NOW + 3);
      const own = [earlier.id, later.id];
      const listed = (await store().relyingParties.list()).map((rp) => rp.id).filter((id) => own.includes(id));
      expect(listed).toEqual(own);
    });

    it("relying parties of the same millisecond are listed in one order, whatever order they came in", async () => {
      const id = fresh("rp");
      for (const end of ["b", "a", "c"]) await registered(store, NOW, `${id}${end}`);
      const listed = (await store().relyingParties.list()).map((rp) => rp.id).filter((other) => other.startsWith(id));
      expect(listed).toEqual([`${id}a`, `${id}b`, `${id}c`]);
    });

    it("a relying party is revoked once under sixty parallel tries, and stays as a record", async () => {
      const rp = await registered(store);
      expect(winners(await race((racer) => store().relyingParties.revoke(rp.id, NOW + racer)))).toBe(1);
      expect((await store().relyingParties.find(rp.id))?.revokedAtMs).toBeGreaterThanOrEqual(NOW);
    });

    it("how many unknown subjects its keys may ask about is its own number, until it has none", async () => {
      const [rp, other] = [await registered(store), await registered(store)];
      const limits = async () => [
        (await store().relyingParties.find(rp.id))?.unknownPerHour,
        (await store().relyingParties.find(other.id))?.unknownPerHour,
      ];
      await write(store, store().relyingParties.setUnknownPerHour(rp.id, 500));
      expect(await limits()).toEqual([500, null]);
      await write(store, store().relyingParties.setUnknownPerHour(rp.id, null));
      expect(await limits()).toEqual([null, null]);
    });

    it("revoking an unknown relying party is refused", async () => {
      expect(await store().relyingParties.revoke(fresh("rp"), NOW)).toBe(false);
    });
  });
}

async function registered(store: StoreUnderTest, createdAtMs = NOW, id = fresh("rp")) {
  const rp = aRelyingParty(createdAtMs, id);
  await write(store, store().relyingParties.insert(rp));
  return rp;
}

function aRelyingParty(createdAtMs = NOW, id = fresh("rp")) {
  return {
    id,
    realmId: "default",
    name: "Shop",
    redirectUris: ["https://shop.example.com/callback"],
    clientSecretHash: "hash",
    jwks: null,
    allowInsecureAuthorize: false,
    createdAtMs,
  };
}
