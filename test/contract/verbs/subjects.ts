import { describe, expect, it } from "vitest";
import {
  activeTotp,
  DAY,
  fresh,
  NOW,
  newGrant,
  newSession,
  OPEN_BUDGET,
  openChallenge,
  race,
  type StoreUnderTest,
  write,
} from "../fixtures.ts";

export function describeSubjects(store: StoreUnderTest): void {
  describe("subjects", () => {
    it("the first of sixty parallel tries decides a subject's user handle", async () => {
      const { lookup } = aSubject();
      await race((racer) =>
        write(store, store().subjects.ensure({ ...aSubject(lookup), userHandle: `handle${racer}` })),
      );
      const found = await store().subjects.find(lookup);
      expect(found?.userHandle).toMatch(/^handle\d+$/);
      await write(store, store().subjects.ensure({ ...aSubject(lookup), userHandle: "late" }));
      expect(await store().subjects.find(lookup)).toEqual(found);
    });

    it("an unknown subject is not found", async () => {
      expect(await store().subjects.find(fresh("lookup"))).toBeUndefined();
    });

    it("a user handle leads to its subject in its own realm only", async () => {
      const subject = aSubject();
      await write(store, store().subjects.ensure(subject));
      expect(await store().subjects.findByUserHandle("default", subject.userHandle)).toEqual(subject);
      expect(await store().subjects.findByUserHandle("admin", subject.userHandle)).toBeUndefined();
      expect(await store().subjects.findByUserHandle("default", fresh("handle"))).toBeUndefined();
    });

    it("erasing a subject leaves nothing that is theirs but the audit log and the guess budget", async () => {
      const theirs = await somebody(store);
      await write(store, ...store().subjects.erase(theirs.lookup));
      expect(await traces(store, theirs)).toEqual({
        subject: false,
        authenticators: 0,
        codes: 0,
        challenge: false,
        device: false,
        grant: false,
        session: false,
        budgets: 1,
        audit: 1,
      });
    });

    it("erasing one subject touches nobody else", async () => {
      const [theirs, another] = [await somebody(store), await somebody(store)];
      const before = await traces(store, another);
      await write(store, ...store().subjects.erase(theirs.lookup));
      expect(before).toMatchObject({ subject: true, authenticators: 2, codes: 2, grant: true, session: true });
      expect(await traces(store, another)).toEqual(before);
    });
  });
}

function aSubject(lookup = fresh("lookup")) {
  return { lookup, realmId: "default", userHandle: fresh("handle"), createdAtMs: NOW };
}

/** A subject with one of everything. */
async function somebody(store: StoreUnderTest) {
  const subject = aSubject();
  const { lookup: subjectLookup } = subject;
  const rows = { set: fresh("au"), device: fresh("dev"), grant: newGrant({ subjectLookup }) };
  const session = newSession({ subjectLookup });
  const device = { id: rows.device, rpId: "rp_shop", subjectLookup, tokenHash: fresh("hash"), createdAtMs: NOW };
  await activeTotp(store, { subjectLookup });
  const challenge = await openChallenge(store, { subjectLookup });
  await store().authenticators.claimRecoverySet(rows.set, {
    realmId: "default",
    subjectLookup,
    createdBy: "rp_shop",
    nowMs: NOW,
  });
  await store().guessBudgets.take(
    { subjectLookup, lane: "open", method: "totp", nowMs: NOW, mark: "00000a" },
    OPEN_BUDGET,
  );
  await write(
    store,
    store().subjects.ensure(subject),
    ...store().recoveryCodes.insertSet(rows.set, [fresh("mac"), fresh("mac")], NOW),
    store().devices.insert(device),
    store().grants.insert(rows.grant),
    store().sessions.insert(session),
    store().audit.append({ atMs: NOW, kind: "subject_reset", realmId: "default", requestId: "req", subjectLookup }),
  );
  return {
    lookup: subjectLookup,
    set: rows.set,
    device: device.id,
    grant: rows.grant.id,
    session: session.id,
    challenge,
  };
}

async function traces(store: StoreUnderTest, of: Awaited<ReturnType<typeof somebody>>) {
  return {
    subject: (await store().subjects.find(of.lookup)) !== undefined,
    authenticators: (await store().authenticators.listActive(of.lookup)).length,
    codes: await store().recoveryCodes.countLeft(of.set),
    challenge: (await store().challenges.find(of.challenge.id, "rp_shop")) !== undefined,
    device: (await store().devices.find(of.device)) !== undefined,
    grant: (await store().grants.find(of.grant)) !== undefined,
    session: (await store().sessions.find(of.session, "account", NOW, DAY)) !== undefined,
    budgets: (await store().guessBudgets.listOf(of.lookup)).length,
    audit: (await store().audit.list({ subjectLookup: of.lookup, limit: 9 })).length,
  };
}
