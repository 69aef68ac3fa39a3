import { describe, expect, it } from "vitest";
import {
  activePasskey,
  activeTotp,
  credential,
  fresh,
  MINUTE,
  NOW,
  pendingPasskey,
  pendingTotp,
  race,
  type StoreUnderTest,
  winners,
  write,
} from "../fixtures.ts";

export function describeAuthenticators(store: StoreUnderTest): void {
  describe("authenticators", () => {
    describeSteps(store);
    describeSignCounts(store);
    describeReading(store);
    describeManaging(store);
  });
}

function describeSteps(store: StoreUnderTest): void {
  it("a TOTP step is spent once under sixty parallel tries", async () => {
    const { id } = await activeTotp(store);
    expect(winners(await race((racer) => store().authenticators.spendStep(id, 101, NOW + racer)))).toBe(1);
  });

  it("a step is spent only after the last one spent", async () => {
    const row = await activeTotp(store, {}, 100);
    const spend = (step: number) => store().authenticators.spendStep(row.id, step, NOW + MINUTE);
    expect([await spend(99), await spend(100), await spend(102), await spend(101), await spend(102)]).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(await store().authenticators.find(row.id, row.realmId)).toMatchObject({
      lastStep: 102,
      lastUsedAtMs: NOW + MINUTE,
    });
  });

  it("an authenticator whose steps a budget remembers spends none of its own row", async () => {
    const row = pendingTotp();
    await write(store, store().authenticators.insertPending(row));
    await store().authenticators.activateTotp(row.id, { step: 100, label: "", stepsInBudget: true }, NOW);
    expect(await store().authenticators.spendStep(row.id, 101, NOW)).toBe(false);
  });

  it("a pending, revoked or unknown authenticator spends no step", async () => {
    const pending = pendingTotp();
    const revoked = await activeTotp(store);
    await write(store, store().authenticators.insertPending(pending));
    await store().authenticators.revoke(revoked.id, revoked.subjectLookup, NOW);
    const spent = [pending.id, revoked.id, fresh("au")].map((id) => store().authenticators.spendStep(id, 999, NOW));
    expect(await Promise.all(spent)).toEqual([false, false, false]);
  });
}

function describeSignCounts(store: StoreUnderTest): void {
  const spend = (id: string, count: number) => store().authenticators.spendSignCount(id, count, true, NOW + MINUTE);

  it("a sign count is spent once under sixty parallel tries", async () => {
    const { id } = await activePasskey(store, { signCount: 4 });
    expect(winners(await race(() => spend(id, 5)))).toBe(1);
  });

  it("a sign count has to rise", async () => {
    const { id } = await activePasskey(store, { signCount: 4 });
    expect([await spend(id, 3), await spend(id, 4), await spend(id, 9), await spend(id, 5)]).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it("an authenticator that does not count always counts zero", async () => {
    const row = await activePasskey(store, { signCount: 0 });
    expect([await spend(row.id, 0), await spend(row.id, 0)]).toEqual([true, true]);
    expect(await store().authenticators.find(row.id, row.realmId)).toMatchObject({
      signCount: 0,
      backupState: 1,
      lastUsedAtMs: NOW + MINUTE,
    });
  });

  it("an authenticator that once counted never goes back to zero", async () => {
    const { id } = await activePasskey(store, { signCount: 0 });
    expect([await spend(id, 1), await spend(id, 0)]).toEqual([true, false]);
  });

  it("a sign count of 32 bits is kept exactly", async () => {
    const row = await activePasskey(store, { signCount: 0xfffffffe });
    expect(await spend(row.id, 0xffffffff)).toBe(true);
    expect((await store().authenticators.find(row.id, row.realmId))?.signCount).toBe(0xffffffff);
  });

  it("a pending, revoked or unknown passkey spends no sign count", async () => {
    const pending = pendingPasskey();
    const revoked = await activePasskey(store);
    await write(store, store().authenticators.insertPending(pending));
    await store().authenticators.revoke(revoked.id, revoked.subjectLookup, NOW);
    const spent = [pending.id, revoked.id, fresh("au")].map((id) => spend(id, 5));
    expect(await Promise.all(spent)).toEqual([false, false, false]);
  });

  it("a suspected clone is written down", async () => {
    const row = await activePasskey(store);
    await write(store, store().authenticators.suspectClone(row.id, NOW + 1));
    expect((await store().authenticators.find(row.id, row.realmId))?.cloneSuspectedAtMs).toBe(NOW + 1);
  });
}

function describeReading(store: StoreUnderTest): void {
  it("lists a subject's active authenticators oldest first, and of one method only those", async () => {
    const subjectLookup = fresh("lookup");
    const newer = await activeTotp(store, { subjectLookup, createdAtMs: NOW + 1 });
    const older = await activeTotp(store, { subjectLookup });
    const passkey = pendingPasskey({ subjectLookup, createdAtMs: NOW + 2 });
    const revoked = await activeTotp(store, { subjectLookup });
    const { authenticators } = store();
    await write(store, authenticators.insertPending(passkey));
    await write(store, authenticators.insertPending(pendingTotp({ subjectLookup })));
    await authenticators.activateWebauthn(passkey.id, credential(), "", NOW);
    await authenticators.revoke(revoked.id, subjectLookup, NOW);
    await activeTotp(store);
    const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id);
    expect(ids(await authenticators.listActive(subjectLookup))).toEqual([older.id, newer.id, passkey.id]);
    expect(ids(await authenticators.listUsable(subjectLookup, "totp")).sort()).toEqual([older.id, newer.id].sort());
    expect(ids(await authenticators.listUsable(subjectLookup, "webauthn"))).toEqual([passkey.id]);
    expect(await authenticators.listUsable(subjectLookup, "recovery_code")).toEqual([]);
    expect(await authenticators.listOffered(subjectLookup)).toMatchObject([
      { method: "totp", credentialId: null, transports: null },
      { method: "totp", credentialId: null, transports: null },
      { method: "webauthn", credentialId: expect.any(String), transports: expect.any(String) },
    ]);
  });

  it("authenticators of the same millisecond are listed in one order, whatever order they came in", async () => {
    const [subjectLookup, id] = [fresh("lookup"), fresh("au")];
    for (const end of ["b", "a", "c"]) await activeTotp(store, { subjectLookup, id: `${id}${end}` });
    const listed = await store().authenticators.listActive(subjectLookup);
    expect(listed.map((row) => row.id)).toEqual([`${id}a`, `${id}b`, `${id}c`]);
  });

  it("samples a realm's active authenticators in order of subjects, from a place on", async () => {
    const realmId = fresh("realm");
    const lookups = ["a", "b", "c"].map((end) => `${fresh("lookup")}${end}`).sort();
    for (const subjectLookup of lookups) await activeTotp(store, { realmId, subjectLookup });
    await activeTotp(store, { realmId, subjectLookup: lookups[1] ?? "", createdAtMs: NOW + 1 });
    await write(store, store().authenticators.insertPending(pendingTotp({ realmId, subjectLookup: lookups[0] ?? "" })));
    await activeTotp(store, { subjectLookup: lookups[0] ?? "" });
    const sampled = async (from: string, limit: number) =>
      (await store().authenticators.sample(realmId, from, limit)).map(({ subjectLookup }) => subjectLookup);
    expect(await sampled("", 9)).toEqual([lookups[0], lookups[1], lookups[1], lookups[2]]);
    expect(await sampled(lookups[0] ?? "", 2)).toEqual([lookups[1], lookups[1]]);
    expect(await store().authenticators.sample(realmId, lookups[1] ?? "", 9)).toEqual([
      { subjectLookup: lookups[2], method: "totp", credentialId: null, transports: null },
    ]);
  });

  it("an unknown subject has no authenticators", async () => {
    expect(await store().authenticators.listActive(fresh("lookup"))).toEqual([]);
    expect(await store().authenticators.listUsable(fresh("lookup"), "totp")).toEqual([]);
    expect(await store().authenticators.listOffered(fresh("lookup"))).toEqual([]);
  });

  it("the rows of a stand-in are there to be read for whoever has none, and are told of nobody", async () => {
    const { authenticators, subjects } = store();
    const count = async (lookup: string, standIns?: number) => [
      (await authenticators.listUsable(lookup, "totp", standIns)).length,
      (await authenticators.listUsable(lookup, "recovery_code", standIns)).length,
      (await authenticators.listUsable(lookup, "webauthn", standIns)).length,
      (await authenticators.listOffered(lookup, standIns)).length,
    ];
    expect(await count("stand-in")).toEqual([1, 1, 0, 2]);
    for (const rows of [1, 2, 3, 4, 5, 6]) expect(await count(`stand-in-${rows}`)).toEqual([0, 0, rows, rows]);
    expect((await subjects.find("stand-in"))?.realmId).toBe("");
    for (const asked of [undefined, 0, 1, 4, 9]) expect(await count(fresh("lookup"), asked)).toEqual([0, 0, 0, 0]);
    expect((await authenticators.listSealed("", 100_000)).filter(({ id }) => id.startsWith("au_stand_in"))).toEqual([]);
  });
}

function describeManaging(store: StoreUnderTest): void {
  it("an active authenticator is renamed by its own subject only", async () => {
    const row = await activeTotp(store);
    expect(await store().authenticators.rename(row.id, fresh("lookup"), "Stolen")).toBe(false);
    expect(await store().authenticators.rename(row.id, row.subjectLookup, "Spare")).toBe(true);
    expect((await store().authenticators.find(row.id, row.realmId))?.label).toBe("Spare");
  });

  it("a pending or revoked authenticator is neither renamed nor revoked", async () => {
    const pending = pendingTotp();
    const revoked = await activeTotp(store);
    const { insertPending, rename, revoke } = store().authenticators;
    await write(store, insertPending(pending));
    await revoke(revoked.id, revoked.subjectLookup, NOW);
    for (const row of [pending, revoked]) {
      expect(await rename(row.id, row.subjectLookup, "New")).toBe(false);
      expect(await revoke(row.id, row.subjectLookup, NOW)).toBeUndefined();
    }
  });

  it("an authenticator is revoked once under sixty parallel tries, by its own subject only", async () => {
    const row = await activeTotp(store);
    const { revoke } = store().authenticators;
    expect(await revoke(row.id, fresh("lookup"), NOW)).toBeUndefined();
    expect(winners(await race(() => revoke(row.id, row.subjectLookup, NOW + 1)))).toBe(1);
  });

  it("a revoked authenticator stays as a record without its key or secret", async () => {
    const [totp, passkey] = [await activeTotp(store), await activePasskey(store)];
    for (const row of [totp, passkey]) {
      expect(await store().authenticators.revoke(row.id, row.subjectLookup, NOW + 1)).toMatchObject({
        id: row.id,
        status: "revoked",
        revokedAtMs: NOW + 1,
        activatedAtMs: NOW,
        secret: null,
        publicKey: null,
      });
    }
  });

  it("revoking all takes every active authenticator of one subject", async () => {
    const [row, other] = [await activeTotp(store), await activeTotp(store)];
    const second = await activeTotp(store, { subjectLookup: row.subjectLookup });
    const { authenticators } = store();
    await write(store, authenticators.revokeAll(row.subjectLookup, NOW + 1));
    expect(await authenticators.listActive(row.subjectLookup)).toEqual([]);
    expect(await authenticators.find(second.id, "default")).toMatchObject({ secret: null, revokedAtMs: NOW + 1 });
    expect(await authenticators.listActive(other.subjectLookup)).toHaveLength(1);
  });

  it("using a recovery-code set is noted", async () => {
    const [id, subjectLookup] = [fresh("au"), fresh("lookup")];
    const of = { realmId: "default", subjectLookup, createdBy: "rp_shop", nowMs: NOW };
    await store().authenticators.claimRecoverySet(id, of);
    await write(store, store().authenticators.touchRecoverySet(id, NOW + 1));
    expect((await store().authenticators.find(id, "default"))?.lastUsedAtMs).toBe(NOW + 1);
  });
}
