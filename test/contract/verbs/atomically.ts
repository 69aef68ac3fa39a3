import { describe, expect, it } from "vitest";
import { fresh, NOW, newChallenge, newGrant, pendingTotp, race, type StoreUnderTest, write } from "../fixtures.ts";

export function describeAtomically(store: StoreUnderTest): void {
  describe("atomically", () => {
    it("carries out all of its writes", async () => {
      const [challenge, grant] = [newChallenge(), newGrant()];
      await write(store, store().challenges.insert(challenge), store().grants.insert(grant));
      await store().committed();
      expect(await store().challenges.find(challenge.id, challenge.rpId)).toBeDefined();
      expect(await store().grants.find(grant.id)).toBeDefined();
    });

    it("does nothing and succeeds without writes", async () => {
      await expect(write(store)).resolves.toBeUndefined();
    });

    it("undoes the writes before and leaves out those after one that fails", async () => {
      const [before, after] = [newGrant(), newGrant()];
      const taken = await insertedGrant(store);
      const { insert } = store().grants;
      await expect(write(store, insert(before), insert(taken), insert(after))).rejects.toThrow();
      expect(await store().grants.find(before.id)).toBeUndefined();
      expect(await store().grants.find(after.id)).toBeUndefined();
      expect(await store().grants.find(taken.id)).toMatchObject({ data: taken.data });
    });

    it("leaves what others write at the same time alone when it fails", async () => {
      const taken = await insertedGrant(store);
      const neighbours = Array.from({ length: 20 }, () => newGrant());
      const totp = pendingTotp();
      const { insert } = store().grants;
      const outcomes = await Promise.allSettled([
        ...neighbours.slice(0, 10).map((grant) => write(store, insert(grant))),
        write(store, store().authenticators.insertPending(totp), insert(taken)),
        ...neighbours.slice(10).map((grant) => write(store, insert(grant))),
      ]);
      await store().committed();
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
      for (const grant of neighbours) expect(await store().grants.find(grant.id)).toBeDefined();
      expect(await store().authenticators.find(totp.id, totp.realmId)).toBeUndefined();
    });

    it("keeps every one of many sets of writes that arrive at once", async () => {
      const lookup = fresh("lookup");
      await race((racer) =>
        write(
          store,
          store().challenges.insert(newChallenge({ id: `${lookup}${racer}`, subjectLookup: lookup })),
          store().grants.insert(newGrant({ id: `${lookup}${racer}`, subjectLookup: lookup })),
        ),
      );
      const found = await race(async (racer) => [
        await store().challenges.find(`${lookup}${racer}`, "rp_shop"),
        await store().grants.find(`${lookup}${racer}`),
      ]);
      expect(found.flat().filter((row) => row?.createdAtMs === NOW)).toHaveLength(120);
    });
  });
}

async function insertedGrant(store: StoreUnderTest) {
  const grant = newGrant();
  await write(store, store().grants.insert(grant));
  return grant;
}
