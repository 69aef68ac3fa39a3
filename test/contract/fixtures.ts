import type { Eventual } from "../../src/domain/eventual.ts";
import { type BudgetPolicy, DEFAULT_POLICY } from "../../src/domain/realm.ts";
import type {
  NewChallenge,
  NewCredential,
  NewPendingAuthenticator,
  Satisfaction,
  Store,
  StoredGrant,
  StoredSession,
  Write,
} from "../../src/ports/store.ts";

/** The store under test: known only once the suite's setup has run. */
export type StoreUnderTest = () => Store;

/** The moment at which the suite's rows are made, in epoch milliseconds. */
export const NOW = Date.UTC(2026, 10, 23, 12);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** How many uses of the same thing a race consists of. */
const RACERS = 60;
export const OPEN_BUDGET = DEFAULT_POLICY.budgets.open;

/** Lets one limit be seen at a time. */
export const UNLIMITED: BudgetPolicy = {
  ...OPEN_BUDGET,
  freeInRow: 1000,
  perDay: 1000,
  perMonth: 1000,
  suspendInRow: 1000,
};

/** A value no other test uses, so that tests share a database and no rows. */
export function fresh(prefix: string): string {
  return `${prefix}_${crypto.randomUUID()}`;
}

/** Carries out writes together. */
export async function write(store: StoreUnderTest, ...writes: readonly Write[]): Promise<void> {
  await store().atomically(writes);
}

/** Uses the same thing many times at once. */
export function race<Result>(
  use: (racer: number) => Eventual<Result>,
  racers: number = RACERS,
): Promise<readonly Result[]> {
  return Promise.all(Array.from({ length: racers }, async (_, racer) => use(racer)));
}

/** How many racers got what they asked for. */
export function winners(results: readonly unknown[]): number {
  return results.filter((result) => result !== undefined && result !== false).length;
}

export function pendingTotp(over: Partial<NewPendingAuthenticator> = {}): NewPendingAuthenticator {
  return {
    id: fresh("au"),
    realmId: "default",
    subjectLookup: fresh("lookup"),
    method: "totp",
    label: "Phone",
    createdBy: "rp_shop",
    createdAtMs: NOW,
    expiresAtMs: NOW + 10 * MINUTE,
    attemptsLeft: 5,
    accountName: "sealed-name",
    secret: "sealed-secret",
    algorithm: "SHA1",
    digits: 6,
    periodSeconds: 30,
    ...over,
  };
}

export function pendingPasskey(over: Partial<NewPendingAuthenticator> = {}): NewPendingAuthenticator {
  return {
    ...pendingTotp(),
    method: "webauthn",
    secret: null,
    algorithm: null,
    digits: null,
    periodSeconds: null,
    webauthnChallenge: "challenge-bytes",
    ...over,
  };
}

export function credential(over: Partial<NewCredential> = {}): NewCredential {
  return {
    credentialId: fresh("credential"),
    publicKey: "cose-key",
    signCount: 0,
    backupEligible: true,
    backupState: false,
    hardwareAttested: false,
    transports: ["internal", "hybrid"],
    aaguid: "00000000-0000-0000-0000-000000000000",
    ...over,
  };
}

/** An active TOTP authenticator whose confirming step was `step`. */
export async function activeTotp(store: StoreUnderTest, over: Partial<NewPendingAuthenticator> = {}, step = 100) {
  const row = pendingTotp(over);
  await write(store, store().authenticators.insertPending(row));
  await store().authenticators.activateTotp(row.id, { step, label: row.label, stepsInBudget: false }, NOW);
  return row;
}

/** An active passkey. */
export async function activePasskey(store: StoreUnderTest, over: Partial<NewCredential> = {}) {
  const row = pendingPasskey();
  const created = credential(over);
  await write(store, store().authenticators.insertPending(row));
  await store().authenticators.activateWebauthn(row.id, created, row.label, NOW);
  return { ...row, ...created };
}

export function newChallenge(over: Partial<NewChallenge> = {}): NewChallenge {
  return {
    id: fresh("ch"),
    realmId: "default",
    rpId: "rp_shop",
    subjectLookup: fresh("lookup"),
    purpose: "verify",
    requiredAcr: null,
    methods: ["totp", "webauthn"],
    lane: "open",
    firstFactor: false,
    deviceId: null,
    deviceTokenHash: null,
    webauthnChallenge: "challenge-bytes",
    attemptsLeft: 3,
    createdAtMs: NOW,
    expiresAtMs: NOW + 5 * MINUTE,
    ...over,
  };
}

export const SATISFACTION: Satisfaction = {
  method: "totp",
  authenticatorId: "au_phone",
  acr: "urn:countersign:acr:otp",
  amr: ["mfa", "otp", "pwd"],
  userVerified: false,
};

export async function openChallenge(store: StoreUnderTest, over: Partial<NewChallenge> = {}) {
  const challenge = newChallenge(over);
  await write(store, store().challenges.insert(challenge));
  return challenge;
}

/** A challenge satisfied at `NOW`. */
export async function satisfiedChallenge(store: StoreUnderTest, over: Partial<NewChallenge> = {}) {
  const challenge = await openChallenge(store, over);
  await store().challenges.satisfy(challenge.id, SATISFACTION, NOW);
  return challenge;
}

export function newGrant(over: Partial<StoredGrant> = {}): Omit<StoredGrant, "usedAtMs"> {
  const { usedAtMs: _, ...rest } = over;
  return {
    id: fresh("grant"),
    kind: "enrol",
    realmId: "default",
    rpId: "rp_shop",
    subjectLookup: fresh("lookup"),
    data: "sealed-data",
    createdAtMs: NOW,
    expiresAtMs: NOW + 10 * MINUTE,
    ...rest,
  };
}

export function newSession(over: Partial<StoredSession> = {}): StoredSession {
  return {
    id: fresh("session"),
    kind: "account",
    realmId: "default",
    rpId: null,
    subjectLookup: fresh("lookup"),
    data: "sealed-data",
    createdAtMs: NOW,
    seenAtMs: NOW,
    expiresAtMs: NOW + DAY,
    provenAtMs: NOW,
    provenMethod: "webauthn",
    ...over,
  };
}
