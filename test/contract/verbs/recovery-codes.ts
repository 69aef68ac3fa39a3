import { describe, expect, it } from "vitest";
import { fresh, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeRecoveryCodes(store: StoreUnderTest): void {
  const issued = async (count = 10) => {
    const set = fresh("au");
    const macs = Array.from({ length: count }, () => fresh("mac"));
    await write(store, ...store().recoveryCodes.insertSet(set, macs, NOW));
    return { set, macs, first: macs[0] ?? "" };
  };

  describe("recovery codes", () => {
    it("a recovery code works once under sixty parallel tries", async () => {
      const { set, first } = await issued();
      expect(winners(await race((racer) => store().recoveryCodes.spend(first, set, NOW + racer)))).toBe(1);
      expect(await store().recoveryCodes.countLeft(set)).toBe(9);
    });

    it("each code of a set works once", async () => {
      const { set, macs } = await issued();
      for (const mac of macs) expect(await store().recoveryCodes.spend(mac, set, NOW)).toBe(true);
      for (const mac of macs) expect(await store().recoveryCodes.spend(mac, set, NOW)).toBe(false);
      expect(await store().recoveryCodes.countLeft(set)).toBe(0);
    });

    it("a code works for its own set only", async () => {
      const [own, other] = [await issued(), await issued()];
      expect(await store().recoveryCodes.spend(own.first, other.set, NOW)).toBe(false);
      expect(await store().recoveryCodes.spend(own.first, own.set, NOW)).toBe(true);
    });

    it("an unknown code is refused and costs nothing", async () => {
      const { set } = await issued();
      expect(await store().recoveryCodes.spend(fresh("mac"), set, NOW)).toBe(false);
      expect(await store().recoveryCodes.countLeft(set)).toBe(10);
    });

    it("an erased set has no codes left, and others keep theirs", async () => {
      const [erased, kept] = [await issued(), await issued()];
      await write(store, store().recoveryCodes.eraseSet(erased.set));
      expect(await store().recoveryCodes.spend(erased.first, erased.set, NOW)).toBe(false);
      expect(await store().recoveryCodes.countLeft(erased.set)).toBe(0);
      expect(await store().recoveryCodes.countLeft(kept.set)).toBe(10);
    });
  });
}
