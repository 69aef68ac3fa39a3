import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../../src/domain/audit-event.ts";
import type { AuditFilterInput } from "../../../src/ports/store.ts";
import { fresh, NOW, race, type StoreUnderTest, write } from "../fixtures.ts";

export function describeAudit(store: StoreUnderTest): void {
  const appended = (...events: readonly AuditEvent[]) =>
    write(store, ...events.map((event) => store().audit.append(event)));
  const requests = (rows: readonly { requestId: string }[]) => rows.map((row) => row.requestId);

  describe("the audit log", () => {
    it("keeps an event with all it says, and null for what it does not", async () => {
      const [full, bare] = [anEvent(fullDetails()), anEvent()];
      await appended(full, bare);
      expect(await store().audit.list({ subjectLookup: full.subjectLookup ?? "", limit: 9 })).toEqual([
        { ...full, id: expect.any(Number) },
      ]);
      const [stored] = (await store().audit.list({ limit: 9 })).filter((row) => row.requestId === bare.requestId);
      expect(stored).toMatchObject({
        rpId: null,
        subjectLookup: null,
        authenticatorId: null,
        method: null,
        lane: null,
      });
    });

    it("takes an event whose details are undefined", async () => {
      const event = anEvent({ realmId: fresh("realm"), rpId: undefined, reason: undefined, kind: "subject_reset" });
      await appended(event);
      expect(await store().audit.listNotable(event.realmId, 0, 9)).toMatchObject([{ rpId: null, reason: null }]);
    });

    it("lists newest first, up to the limit", async () => {
      const rpId = fresh("rp");
      for (const requestId of ["1", "2", "3"]) await appended(anEvent({ rpId, requestId }));
      expect(requests(await store().audit.list({ rpId, limit: 2 }))).toEqual(["3", "2"]);
    });

    it.each<[string, (ids: readonly number[]) => Partial<AuditFilterInput>, readonly string[]]>([
      ["nothing more", () => ({}), ["3", "2", "1"]],
      ["kind", () => ({ kind: "answer_rejected" }), ["2"]],
      ["its first millisecond", () => ({ fromMs: NOW + 2 }), ["3", "2"]],
      ["its last millisecond", () => ({ toMs: NOW + 2 }), ["2", "1"]],
      ["both at once", () => ({ fromMs: NOW + 2, toMs: NOW + 2 }), ["2"]],
      ["the row it is before", (ids) => ({ beforeId: ids[1] ?? 0 }), ["1"]],
      ["the row it is after", (ids) => ({ afterId: ids[1] ?? 0 }), ["3"]],
    ])("filters by %s", async (_, filter, expected) => {
      const rpId = fresh("rp");
      await appended(anEvent({ rpId, requestId: "1", atMs: NOW + 1 }));
      await appended(anEvent({ rpId, requestId: "2", atMs: NOW + 2, kind: "answer_rejected" }));
      await appended(anEvent({ rpId, requestId: "3", atMs: NOW + 3 }));
      const ids = (await store().audit.list({ rpId, limit: 9 })).map((row) => row.id).reverse();
      expect(requests(await store().audit.list({ rpId, limit: 9, ...filter(ids) }))).toEqual(expected);
    });

    it("tells a realm of its own notable events after a cursor, oldest first", async () => {
      const realmId = fresh("realm");
      await appended(
        anEvent({ realmId, requestId: "1", kind: "subject_reset" }),
        anEvent({ realmId, requestId: "quiet", kind: "answer_rejected" }),
        anEvent({ realmId, requestId: "2", kind: "lane_suspended" }),
        anEvent({ realmId: fresh("realm"), requestId: "other", kind: "subject_reset" }),
        anEvent({ realmId, requestId: "3", kind: "subject_reset" }),
      );
      const first = await store().audit.listNotable(realmId, 0, 2);
      expect(requests(first)).toEqual(["1", "2"]);
      expect(requests(await store().audit.listNotable(realmId, first[1]?.id ?? 0, 2))).toEqual(["3"]);
    });

    it("reads to the end in pages and misses none of sixty parallel events", async () => {
      const rpId = fresh("rp");
      const start = (await store().audit.list({ limit: 1 }))[0]?.id ?? 0;
      await race((racer) => appended(anEvent({ rpId, requestId: `${racer}` })));
      const ids: number[] = [];
      let after = start;
      for (let pages = 0; pages < 9; pages++) {
        const page = await store().audit.listAfter(after, 7);
        ids.push(...page.filter((row) => row.rpId === rpId).map((row) => row.id));
        after = page.at(-1)?.id ?? after;
      }
      expect(await store().audit.listAfter(after, 7)).toEqual([]);
      expect(ids).toHaveLength(60);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    });
  });
}

function anEvent(over: Partial<AuditEvent> = {}): AuditEvent {
  return { atMs: NOW, kind: "answer_accepted", realmId: "default", requestId: fresh("req"), ...over };
}

function fullDetails(): Partial<AuditEvent> {
  return {
    rpId: "rp_shop",
    subjectLookup: fresh("lookup"),
    authenticatorId: fresh("au"),
    method: "totp",
    lane: "proven",
    reason: "wrong_code",
    actor: "adm_ada",
  };
}
