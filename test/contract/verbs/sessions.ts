import { describe, expect, it } from "vitest";
import type { StoredSession } from "../../../src/ports/store.ts";
import { DAY, fresh, MINUTE, NOW, newSession, type StoreUnderTest, write } from "../fixtures.ts";

const IDLE = 30 * MINUTE;

export function describeSessions(store: StoreUnderTest): void {
  const opened = async (over: Partial<StoredSession> = {}) => {
    const session = newSession(over);
    await write(store, store().sessions.insert(session));
    return session;
  };
  const isLive = async (id: string, now = NOW) => (await store().sessions.find(id, "account", now, IDLE)) !== undefined;

  describe("sessions", () => {
    it("a session is found as it was opened, and as its own kind only", async () => {
      const session = await opened({ rpId: "rp_shop" });
      expect(await store().sessions.find(session.id, "account", NOW, IDLE)).toEqual(session);
      expect(await store().sessions.find(session.id, "admin", NOW, IDLE)).toBeUndefined();
      expect(await isLive(fresh("session"))).toBe(false);
    });

    it("a session is over once idle for the whole idle time, and seeing it starts that anew", async () => {
      const { id } = await opened();
      expect([await isLive(id, NOW + IDLE - 1), await isLive(id, NOW + IDLE)]).toEqual([true, false]);
      await write(store, store().sessions.see(id, NOW + MINUTE));
      expect([await isLive(id, NOW + IDLE), await isLive(id, NOW + IDLE + MINUTE)]).toEqual([true, false]);
    });

    it("a session ends at its expiry however often it is seen", async () => {
      const { id } = await opened();
      await write(store, store().sessions.see(id, NOW + DAY - 1));
      expect([await isLive(id, NOW + DAY - 1), await isLive(id, NOW + DAY)]).toEqual([true, false]);
    });

    it("what a session carries is replaced, and nothing else of it", async () => {
      const session = await opened();
      await write(store, store().sessions.setData(session.id, "next"));
      expect(await store().sessions.find(session.id, "account", NOW, IDLE)).toEqual({ ...session, data: "next" });
    });

    it("an ended session is gone, and others stay", async () => {
      const [ended, other] = [await opened(), await opened()];
      await write(store, store().sessions.end(ended.id));
      expect([await isLive(ended.id), await isLive(other.id)]).toEqual([false, true]);
    });

    it("ending all sessions of a subject leaves those of others", async () => {
      const subjectLookup = fresh("lookup");
      const ended = [await opened({ subjectLookup }), await opened({ subjectLookup })];
      const others = [await opened(), await opened({ subjectLookup: null })];
      await write(store, store().sessions.endAll(subjectLookup));
      const live = await Promise.all([...ended, ...others].map(({ id }) => isLive(id)));
      expect(live).toEqual([false, false, true, true]);
    });

    it("lists a subject's sessions that are not over, last seen first", async () => {
      const subjectLookup = fresh("lookup");
      const older = await opened({ subjectLookup });
      const newer = await opened({ subjectLookup, seenAtMs: NOW + 1 });
      await opened({ subjectLookup, expiresAtMs: NOW });
      await opened();
      expect((await store().sessions.listOf(subjectLookup, NOW)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    });

    it("purging takes sessions that expired before a moment, and no others", async () => {
      const subjectLookup = fresh("lookup");
      await opened({ subjectLookup, expiresAtMs: NOW - 101 });
      const onTime = await opened({ subjectLookup, expiresAtMs: NOW - 100 });
      await write(store, store().sessions.purge(NOW - 100));
      expect((await store().sessions.listOf(subjectLookup, 0)).map(({ id }) => id)).toEqual([onTime.id]);
    });
  });
}
