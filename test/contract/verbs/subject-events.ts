import { describe, expect, it } from "vitest";
import { indexEvents } from "../../../src/flows/index-events.ts";
import { fresh, NOW, race, type StoreUnderTest, write } from "../fixtures.ts";

export function describeSubjectEvents(store: StoreUnderTest): void {
  const append = (subjectLookup: string | undefined, requestId: string) =>
    write(
      store,
      store().audit.append({ atMs: NOW, kind: "answer_accepted", realmId: "default", requestId, subjectLookup }),
    );
  const index = (most = 10_000) => indexEvents({ store: store() }, { most, pause: async () => undefined });
  const requestsOf = async (subjectLookup: string, limit = 99) =>
    (await store().audit.list({ subjectLookup, limit })).map(({ requestId }) => requestId);

  describe("the audit log by subject", () => {
    it("lists the same events newest first before, half-way through and after they are indexed", async () => {
      await index();
      const [ada, ben] = [fresh("ada"), fresh("ben")];
      for (const requestId of ["1", "2", "3"]) {
        await append(ada, requestId);
        await append(ben, `ben ${requestId}`);
        await append(undefined, `nobody ${requestId}`);
      }
      expect(await requestsOf(ada)).toEqual(["3", "2", "1"]);
      expect(await index(4)).toBe(4);
      expect(await requestsOf(ada)).toEqual(["3", "2", "1"]);
      expect(await requestsOf(ada, 2)).toEqual(["3", "2"]);
      expect(await index()).toBe(5);
      expect(await requestsOf(ada)).toEqual(["3", "2", "1"]);
      expect(await requestsOf(ada, 2)).toEqual(["3", "2"]);
      await append(ada, "4");
      expect(await requestsOf(ada, 2)).toEqual(["4", "3"]);
      expect(await index()).toBe(1);
      expect(await index()).toBe(0);
    });

    it("filters indexed events like all others", async () => {
      const ada = fresh("ada");
      for (const requestId of ["1", "2", "3"]) await append(ada, requestId);
      await index();
      const [, second] = await store().audit.list({ subjectLookup: ada, limit: 9 });
      const filtered = (filter: object) => store().audit.list({ subjectLookup: ada, limit: 9, ...filter });
      expect(await filtered({ beforeId: second?.id })).toMatchObject([{ requestId: "1" }]);
      expect(await filtered({ kind: "answer_rejected" })).toEqual([]);
    });

    it("an indexing that was cut off is finished by the next, and several at once add each event once", async () => {
      await index();
      const ada = fresh("ada");
      for (const requestId of ["1", "2"]) await append(ada, requestId);
      const [{ id } = { id: 0 }] = await store().audit.bySubject.listAfter(
        await store().audit.bySubject.indexedUpTo(),
        1,
      );
      await write(store, ...store().audit.bySubject.add([{ eventId: id, subjectLookup: ada }]));
      expect(await requestsOf(ada)).toEqual(["2", "1"]);
      await race(() => index(), 5);
      expect(await requestsOf(ada)).toEqual(["2", "1"]);
    });

    it("the cursor never goes back", async () => {
      await append(fresh("ada"), "1");
      await index();
      const upTo = await store().audit.bySubject.indexedUpTo();
      await write(store, store().audit.bySubject.markUpTo(upTo - 1));
      expect(await store().audit.bySubject.indexedUpTo()).toBe(upTo);
    });
  });
}
