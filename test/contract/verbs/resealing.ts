import { describe, expect, it } from "vitest";
import {
  activePasskey,
  activeTotp,
  fresh,
  pendingPasskey,
  pendingTotp,
  race,
  type StoreUnderTest,
  winners,
  write,
} from "../fixtures.ts";

const PAGE = 20;
const MAX_PAGES = 1000;

type Sealed = Awaited<ReturnType<ReturnType<StoreUnderTest>["authenticators"]["listSealed"]>>[number];

export function describeResealing(store: StoreUnderTest): void {
  const inserted = async (row: ReturnType<typeof pendingTotp>) => {
    await write(store, store().authenticators.insertPending(row));
    return row;
  };
  const sealedOf = async (id: string) => {
    const found = await store().authenticators.find(id, "default");
    return found && { secret: found.secret, accountName: found.accountName };
  };

  describe("resealing", () => {
    it("lists, page by page, every row that holds something sealed and no other", async () => {
      const prefix = fresh("au");
      const pending = await inserted(pendingTotp({ id: `${prefix}-a` }));
      const named = await inserted(pendingPasskey({ id: `${prefix}-b` }));
      const active = await activeTotp(store, { id: `${prefix}-c` });
      const bare = await inserted(pendingPasskey({ id: `${prefix}-d`, accountName: null }));
      const passkey = await activePasskey(store);
      const listed = await everySealed(store);
      expect(listed.filter((row) => row.id.startsWith(prefix))).toEqual([
        { id: pending.id, secret: "sealed-secret", accountName: "sealed-name" },
        { id: named.id, secret: null, accountName: "sealed-name" },
        { id: active.id, secret: "sealed-secret", accountName: null },
      ]);
      expect(listed.map((row) => row.id)).not.toContain(passkey.id);
      expect(listed.map((row) => row.id)).not.toContain(bare.id);
    });

    it("an envelope is replaced once under sixty parallel tries", async () => {
      const { id } = await inserted(pendingTotp());
      const from = { secret: "sealed-secret", accountName: "sealed-name" };
      const tries = await race((racer) =>
        store().authenticators.reseal(id, from, { secret: `secret${racer}`, accountName: `name${racer}` }),
      );
      expect(winners(tries)).toBe(1);
      const winner = tries.indexOf(true);
      expect(await sealedOf(id)).toEqual({ secret: `secret${winner}`, accountName: `name${winner}` });
    });

    it("an envelope that changed in either column meanwhile is left alone", async () => {
      const { id } = await inserted(pendingTotp());
      const to = { secret: "new", accountName: "new" };
      const { reseal } = store().authenticators;
      expect(await reseal(id, { secret: "other", accountName: "sealed-name" }, to)).toBe(false);
      expect(await reseal(id, { secret: "sealed-secret", accountName: "other" }, to)).toBe(false);
      expect(await reseal(id, { secret: "sealed-secret", accountName: null }, to)).toBe(false);
      expect(await sealedOf(id)).toEqual({ secret: "sealed-secret", accountName: "sealed-name" });
    });

    it("an account name erased by the confirmation does not come back", async () => {
      const row = await activeTotp(store);
      const before = { secret: "sealed-secret", accountName: "sealed-name" };
      const { reseal } = store().authenticators;
      expect(await reseal(row.id, before, { secret: "new", accountName: "new" })).toBe(false);
      expect(await reseal(row.id, { ...before, accountName: null }, { secret: "new", accountName: null })).toBe(true);
      expect(await sealedOf(row.id)).toEqual({ secret: "new", accountName: null });
    });
  });
}

async function everySealed(store: StoreUnderTest) {
  const rows: Sealed[] = [];
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await store().authenticators.listSealed(rows.at(-1)?.id ?? "", PAGE);
    if (page.length === 0) return rows;
    expect(page.length).toBeLessThanOrEqual(PAGE);
    rows.push(...page);
  }
  throw new Error("the pages never end");
}
