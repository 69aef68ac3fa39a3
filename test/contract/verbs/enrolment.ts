import { describe, expect, it } from "vitest";
import type { NewPendingAuthenticator } from "../../../src/ports/store.ts";
import {
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

const EXPIRY = NOW + 10 * MINUTE;

export function describeEnrolment(store: StoreUnderTest): void {
  const started = async (row: NewPendingAuthenticator) => {
    await write(store, store().authenticators.insertPending(row));
    return row;
  };

  describe("enrolment", () => {
    describeAttempts(store, started);
    describeTotpActivation(store, started);
    describePasskeyActivation(store, started);
    describeRecoverySet(store);

    it("dropping a subject's pending enrolments leaves their active authenticators", async () => {
      const active = await activeTotp(store);
      const { subjectLookup } = active;
      const pending = await started(pendingTotp({ subjectLookup }));
      const others = await started(pendingTotp());
      await write(store, store().authenticators.dropPending(subjectLookup));
      expect(await found(store, pending)).toBeUndefined();
      expect((await found(store, active))?.status).toBe("active");
      expect((await found(store, others))?.status).toBe("pending");
    });

    it("one pending enrolment is dropped by its own subject only, and never an active authenticator", async () => {
      const active = await activeTotp(store);
      const pending = await started(pendingTotp());
      const { dropOnePending } = store().authenticators;
      await write(store, dropOnePending(pending.id, fresh("lookup")), dropOnePending(active.id, active.subjectLookup));
      expect((await found(store, pending))?.status).toBe("pending");
      expect((await found(store, active))?.status).toBe("active");
      await write(store, dropOnePending(pending.id, pending.subjectLookup));
      expect(await found(store, pending)).toBeUndefined();
    });
  });
}

type Start = (row: NewPendingAuthenticator) => Promise<NewPendingAuthenticator>;

function found(store: StoreUnderTest, row: Readonly<{ id: string; realmId: string }>) {
  return store().authenticators.find(row.id, row.realmId);
}

function describeAttempts(store: StoreUnderTest, started: Start): void {
  it("a pending enrolment is found with what it was started with, in its own realm only", async () => {
    const row = await started(pendingTotp());
    expect(await found(store, row)).toMatchObject({ ...row, status: "pending", lastStep: 0, signCount: 0 });
    expect(await store().authenticators.find(row.id, "admin")).toBeUndefined();
  });

  it("a pending enrolment may leave out what its method does not have", async () => {
    const row = { ...pendingTotp({ method: "webauthn" }), secret: undefined, digits: undefined };
    await started(row);
    expect(await found(store, row)).toMatchObject({ secret: null, digits: null });
  });

  it("sixty parallel tries take exactly the attempts an enrolment has", async () => {
    const row = await started(pendingTotp({ attemptsLeft: 7 }));
    const taken = await race(() => store().authenticators.takeAttempt(row.id, row.realmId, NOW));
    expect(winners(taken)).toBe(7);
    expect(taken.flatMap((after) => after?.attemptsLeft ?? []).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("an attempt is taken in the enrolment's own realm only", async () => {
    const row = await started(pendingTotp());
    expect(await store().authenticators.takeAttempt(row.id, "admin", NOW)).toBeUndefined();
    expect((await found(store, row))?.attemptsLeft).toBe(5);
  });

  it("an attempt is taken until the millisecond before the enrolment expires", async () => {
    const row = await started(pendingTotp());
    expect(await store().authenticators.takeAttempt(row.id, row.realmId, EXPIRY)).toBeUndefined();
    expect(await store().authenticators.takeAttempt(row.id, row.realmId, EXPIRY - 1)).toMatchObject({
      attemptsLeft: 4,
      secret: "sealed-secret",
    });
  });

  it("no attempt is taken of an active authenticator or an unknown one", async () => {
    const row = await activeTotp(store);
    expect(await store().authenticators.takeAttempt(row.id, row.realmId, NOW)).toBeUndefined();
    expect(await store().authenticators.takeAttempt(fresh("au"), row.realmId, NOW)).toBeUndefined();
  });
}

function describeTotpActivation(store: StoreUnderTest, started: Start): void {
  it("an enrolment is activated once under sixty parallel tries", async () => {
    const row = await started(pendingTotp());
    const activated = await race((racer) =>
      store().authenticators.activateTotp(row.id, as(500 + racer, `L${racer}`), NOW),
    );
    expect(winners(activated)).toBe(1);
    expect(await found(store, row)).toEqual(activated.find((result) => result !== undefined));
  });

  it("activation burns the confirming step, keeps the secret and forgets the account name and the expiry", async () => {
    const row = await started(pendingTotp());
    expect(await store().authenticators.activateTotp(row.id, as(500, "My phone"), NOW + 1)).toMatchObject({
      status: "active",
      label: "My phone",
      activatedAtMs: NOW + 1,
      lastStep: 500,
      secret: "sealed-secret",
      accountName: null,
      expiresAtMs: null,
    });
    expect(await store().authenticators.spendStep(row.id, 500, NOW + 2)).toBe(false);
  });

  it("an enrolment is activated until the millisecond before it expires", async () => {
    const row = await started(pendingTotp());
    expect(await store().authenticators.activateTotp(row.id, as(500), EXPIRY)).toBeUndefined();
    expect(await store().authenticators.activateTotp(row.id, as(500), EXPIRY - 1)).toBeDefined();
  });

  it("a revoked authenticator is never activated again, nor an unknown one", async () => {
    const row = await activeTotp(store);
    await store().authenticators.revoke(row.id, row.subjectLookup, NOW);
    expect(await store().authenticators.activateTotp(row.id, as(501), NOW)).toBeUndefined();
    expect(await store().authenticators.activateTotp(fresh("au"), as(501), NOW)).toBeUndefined();
  });
}

function describePasskeyActivation(store: StoreUnderTest, started: Start): void {
  it("a passkey is activated with its credential and without its challenge", async () => {
    const row = await started(pendingPasskey());
    const created = credential({ signCount: 9 });
    expect(await store().authenticators.activateWebauthn(row.id, created, "Laptop", NOW)).toMatchObject({
      ...created,
      status: "active",
      label: "Laptop",
      backupEligible: 1,
      backupState: 0,
      hardwareAttested: 0,
      transports: JSON.stringify(created.transports),
      webauthnChallenge: null,
      expiresAtMs: null,
    });
  });

  it("one passkey enrolment is activated once under sixty parallel tries", async () => {
    const row = await started(pendingPasskey());
    const activated = await race(() => store().authenticators.activateWebauthn(row.id, credential(), "", NOW));
    expect(winners(activated)).toBe(1);
  });

  it("a passkey enrolment is activated until the millisecond before it expires", async () => {
    const row = await started(pendingPasskey());
    expect(await store().authenticators.activateWebauthn(row.id, credential(), "", EXPIRY)).toBeUndefined();
    expect(await store().authenticators.activateWebauthn(row.id, credential(), "", EXPIRY - 1)).toBeDefined();
  });

  it("a credential id belongs to one authenticator under sixty parallel enrolments", async () => {
    const created = credential();
    const rows = await race(() => started(pendingPasskey()));
    const outcomes = await Promise.all(
      rows.map((row) => store().authenticators.activateWebauthn(row.id, created, "", NOW)),
    );
    expect(outcomes.filter((outcome) => outcome === "exists")).toHaveLength(rows.length - 1);
    const states = await Promise.all(rows.map((row) => found(store, row)));
    expect(states.filter((row) => row?.status === "active")).toHaveLength(1);
  });

  it("the credential id of a revoked passkey stays taken", async () => {
    const [first, second] = [await started(pendingPasskey()), await started(pendingPasskey())];
    const created = credential();
    await store().authenticators.activateWebauthn(first.id, created, "", NOW);
    await store().authenticators.revoke(first.id, first.subjectLookup, NOW);
    expect(await store().authenticators.activateWebauthn(second.id, created, "", NOW)).toBe("exists");
  });
}

function describeRecoverySet(store: StoreUnderTest): void {
  const of = (subjectLookup: string) => ({ realmId: "default", subjectLookup, createdBy: "rp_shop", nowMs: NOW });

  it("a subject has one recovery-code set under sixty parallel claims", async () => {
    const lookup = fresh("lookup");
    expect(winners(await race(() => store().authenticators.claimRecoverySet(fresh("au"), of(lookup))))).toBe(1);
    expect(await store().authenticators.listActive(lookup)).toMatchObject([
      { method: "recovery_code", status: "active", createdAtMs: NOW, activatedAtMs: NOW, createdBy: "rp_shop" },
    ]);
  });

  it("a subject gets a new set after the old one is revoked, and sets of others do not matter", async () => {
    const [lookup, first, second] = [fresh("lookup"), fresh("au"), fresh("au")];
    const { claimRecoverySet } = store().authenticators;
    expect(await claimRecoverySet(fresh("au"), of(fresh("lookup")))).toBe(true);
    expect(await claimRecoverySet(first, of(lookup))).toBe(true);
    expect(await claimRecoverySet(second, of(lookup))).toBe(false);
    await store().authenticators.revoke(first, lookup, NOW);
    expect(await claimRecoverySet(second, of(lookup))).toBe(true);
  });
}

function as(step: number, label = "") {
  return { step, label, stepsInBudget: false };
}
