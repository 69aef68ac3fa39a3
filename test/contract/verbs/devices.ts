import { describe, expect, it } from "vitest";
import { fresh, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeDevices(store: StoreUnderTest): void {
  const known = async (subjectLookup = fresh("lookup")) => {
    const device = { id: fresh("dev"), rpId: "rp_shop", subjectLookup, tokenHash: fresh("hash"), createdAtMs: NOW };
    await write(store, store().devices.insert(device));
    return device;
  };
  const revokedAt = async (id: string) => (await store().devices.find(id))?.revokedAtMs;

  describe("devices", () => {
    it("a device is found by its id", async () => {
      const { createdAtMs: _, ...device } = await known();
      expect(await store().devices.find(device.id)).toEqual({ ...device, revokedAtMs: null });
      expect(await store().devices.find(fresh("dev"))).toBeUndefined();
    });

    it("a device token is exchanged once under sixty parallel tries", async () => {
      const { id, tokenHash } = await known();
      const results = await race((racer) => store().devices.rotate(id, tokenHash, `next${racer}`, NOW));
      expect(winners(results)).toBe(1);
      expect((await store().devices.find(id))?.tokenHash).toBe(`next${results.indexOf(true)}`);
    });

    it("an old token, another device's and an unknown device's are refused", async () => {
      const [device, other] = [await known(), await known()];
      const { rotate } = store().devices;
      expect(await rotate(device.id, device.tokenHash, "second", NOW)).toBe(true);
      expect(await rotate(device.id, device.tokenHash, "third", NOW)).toBe(false);
      expect(await rotate(device.id, other.tokenHash, "third", NOW)).toBe(false);
      expect(await rotate(fresh("dev"), device.tokenHash, "third", NOW)).toBe(false);
      expect(await rotate(device.id, "second", "third", NOW)).toBe(true);
    });

    it("a revoked device exchanges no token, and keeps the time of its revocation", async () => {
      const { id, tokenHash } = await known();
      await write(store, store().devices.revoke(id, NOW));
      await write(store, store().devices.revoke(id, NOW + 1));
      expect(await store().devices.rotate(id, tokenHash, "next", NOW)).toBe(false);
      expect(await revokedAt(id)).toBe(NOW);
    });

    it("revoking all devices keeps the time at which one was revoked before", async () => {
      const { id, subjectLookup } = await known();
      await write(store, store().devices.revoke(id, NOW));
      await write(store, store().devices.revokeAll(subjectLookup, NOW + 1));
      expect(await revokedAt(id)).toBe(NOW);
    });

    it("revoking all devices of a subject leaves those of others", async () => {
      const lookup = fresh("lookup");
      const [one, two, other] = [await known(lookup), await known(lookup), await known()];
      await write(store, store().devices.revokeAll(lookup, NOW));
      expect([await revokedAt(one.id), await revokedAt(two.id), await revokedAt(other.id)]).toEqual([NOW, NOW, null]);
    });
  });
}
