import { describe, expect, it } from "vitest";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, winners, write } from "../fixtures.ts";

export function describeUsedTokens(store: StoreUnderTest): void {
  const use = (id: string, expiresAtMs = NOW + MINUTE) => store().usedTokens.use(id, expiresAtMs);

  describe("used tokens", () => {
    it("an identifier is used once under sixty parallel tries", async () => {
      const id = fresh("jti");
      expect(winners(await race(() => use(id)))).toBe(1);
      expect(await use(id)).toBe(false);
      expect(await use(fresh("jti"))).toBe(true);
    });

    it("a purge forgets what expired before its moment, and nothing else", async () => {
      const [old, young] = [fresh("jti"), fresh("jti")];
      await use(old, NOW - 1);
      await use(young, NOW);
      await write(store, store().usedTokens.purge(NOW));
      expect([await use(old), await use(young)]).toEqual([true, false]);
    });
  });
}
