import { describe, expect, it } from "vitest";
import { fresh, MINUTE, NOW, race, type StoreUnderTest, winners } from "../fixtures.ts";

export function describeTurns(store: StoreUnderTest): void {
  const take = (work: string, nowMs = NOW) => store().turns.take(work, { nowMs, everyMs: MINUTE });

  describe("turns", () => {
    it("of sixty nodes at once one takes the turn, the first time and every time", async () => {
      const work = fresh("work");
      expect(winners(await race(() => take(work)))).toBe(1);
      expect(winners(await race(() => take(work, NOW + MINUTE)))).toBe(1);
    });

    it("a turn comes again when its time is over, and not a millisecond before", async () => {
      const work = fresh("work");
      await take(work);
      expect(await take(work, NOW + MINUTE - 1)).toBe(false);
      expect(await take(work, NOW + MINUTE)).toBe(true);
      expect(await take(work, NOW + 2 * MINUTE - 1)).toBe(false);
    });

    it("turns of different work do not know of one another", async () => {
      const [one, other] = [fresh("work"), fresh("work")];
      expect(await take(one)).toBe(true);
      expect(await take(other)).toBe(true);
    });
  });
}
