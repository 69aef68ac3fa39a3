import { describe, expect, it } from "vitest";
import type { RealmBudget } from "../../../src/ports/store.ts";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, write } from "../fixtures.ts";

const HOUR = 60 * MINUTE;
const POLICY = { intervalMs: HOUR, burst: 50, creditMs: 0 };

export function describeRealmBudgets(store: StoreUnderTest): void {
  const budget = (): RealmBudget => ({ realmId: fresh("realm"), lane: "proven" });
  const charge = (of: ReturnType<typeof budget>, now = NOW, creditMs = 0) =>
    store().realmBudgets.charge(of, { ...POLICY, creditMs }, now);
  const ahead = async (of: ReturnType<typeof budget>, now = NOW) =>
    ((await store().realmBudgets.find(of)) - now) / HOUR;

  describe("a realm's budget of wrong codes", () => {
    it("counts each of sixty parallel ones, up to the burst", async () => {
      const of = budget();
      await race(() => charge(of), 40);
      expect(await ahead(of)).toBe(40);
      await race(() => charge(of), 60);
      expect(await ahead(of)).toBe(50);
    });

    it("answers what it has come to", async () => {
      const of = budget();
      expect(await store().realmBudgets.find(of)).toBe(0);
      expect(await charge(of)).toBe(NOW + HOUR);
      expect(await charge(of)).toBe(NOW + 2 * HOUR);
      expect(await store().realmBudgets.find(of)).toBe(NOW + 2 * HOUR);
    });

    it("lets sixty parallel takers have exactly what is left, and those who give back have it again", async () => {
      const of = budget();
      const take = () => store().realmBudgets.take(of, POLICY, NOW);
      for (let count = 0; count < 45; count++) await charge(of);
      const taken = await race(take, 60);
      expect(taken.filter((one) => one !== undefined)).toHaveLength(5);
      expect(await ahead(of)).toBe(50);
      await write(store, store().realmBudgets.giveBack(of, HOUR, NOW));
      expect(await take()).toBe(NOW + 50 * HOUR);
      expect(await take()).toBeUndefined();
      await write(store, store().realmBudgets.giveBack(of, 70 * HOUR, NOW));
      expect(await take()).toBe(NOW + HOUR);
    });

    it("forgets one an interval, and never more than there were", async () => {
      const of = budget();
      for (let count = 0; count < 4; count++) await charge(of);
      expect(await charge(of, NOW + 3 * HOUR)).toBe(NOW + 5 * HOUR);
      expect(await charge(of, NOW + 40 * HOUR)).toBe(NOW + 41 * HOUR);
    });

    it("gives credit, and never more than there was", async () => {
      const of = budget();
      for (let count = 0; count < 4; count++) await charge(of);
      expect(await charge(of, NOW, HOUR / 2)).toBe(NOW + 4.5 * HOUR);
      expect(await charge(of, NOW, 50 * HOUR)).toBe(NOW);
      expect(await charge(budget(), NOW, 50 * HOUR)).toBe(NOW);
    });

    it("is apart for each realm and lane, and lifting forgets one", async () => {
      const of = budget();
      const open: RealmBudget = { ...of, lane: "open" };
      await charge(of);
      await charge(open);
      await charge(open);
      await write(store, store().realmBudgets.lift(of));
      expect(await store().realmBudgets.find(of)).toBe(0);
      expect(await ahead(open)).toBe(2);
    });
  });
}
