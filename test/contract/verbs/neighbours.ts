import { describe, expect, it } from "vitest";
import type { Store, Write } from "../../../src/ports/store.ts";
import {
  activePasskey,
  activeTotp,
  credential,
  DAY,
  fresh,
  NOW,
  newGrant,
  newSession,
  openChallenge,
  pendingPasskey,
  pendingTotp,
  SATISFACTION,
  type StoreUnderTest,
  satisfiedChallenge,
  write,
} from "../fixtures.ts";

/** Every verb that names one row, used beside a row that is alike in all but its name. */
export function describeNeighbours(store: StoreUnderTest): void {
  describe("a row beside the one that a verb names stays as it is", () => {
    for (const kind of [
      ...managedRows(store),
      ...authenticatorRows(store),
      ...challengeRows(store),
      ...linkRows(store),
    ]) {
      it.each(Object.entries(kind.verbs))(`${kind.name}: %s`, async (_, verb) => {
        const alike = { subjectLookup: fresh("lookup"), rpId: fresh("rp") };
        const own = await kind.make(alike);
        const neighbour = await kind.make(alike);
        const [ownBefore, neighbourBefore] = [await kind.read(own, alike), await kind.read(neighbour, alike)];
        await verb(store(), own, alike);
        expect(await kind.read(own, alike)).not.toEqual(ownBefore);
        expect(await kind.read(neighbour, alike)).toEqual(neighbourBefore);
      });
    }
  });
}

type Alike = Readonly<{ subjectLookup: string; rpId: string }>;

type Kind = Readonly<{
  name: string;
  /** Makes a row and answers its id. */
  make: (alike: Alike) => Promise<string>;
  read: (id: string, alike: Alike) => Promise<unknown>;
  verbs: Readonly<Record<string, (store: Store, id: string, alike: Alike) => Promise<unknown>>>;
}>;

function managedRows(store: StoreUnderTest): readonly Kind[] {
  const inserted = async (id: string, insert: Write) => {
    await write(store, insert);
    return id;
  };
  return [
    {
      name: "realms",
      make: () => {
        const realm = { id: fresh("realm"), name: "Shop", rpId: "example.com", origins: [] };
        return inserted(realm.id, store().realms.put(realm, NOW));
      },
      read: (id) => store().realms.find(id),
      verbs: {
        put: ({ realms }, id) => write(store, realms.put({ id, name: "New", rpId: "example.org", origins: [] }, NOW)),
        setBranding: ({ realms }, id) => write(store, realms.setBranding(id, { accent: "#0d5c63" })),
        setPolicy: ({ realms }, id) => write(store, realms.setPolicy(id, '{"totp":{"digits":8}}')),
      },
    },
    {
      name: "relying parties",
      make: () => {
        const rp = {
          id: fresh("rp"),
          realmId: "default",
          name: "Shop",
          redirectUris: [],
          clientSecretHash: "hash",
          jwks: null,
          allowInsecureAuthorize: false,
        };
        return inserted(rp.id, store().relyingParties.insert({ ...rp, createdAtMs: NOW }));
      },
      read: (id) => store().relyingParties.find(id),
      verbs: { revoke: ({ relyingParties }, id) => relyingParties.revoke(id, NOW) },
    },
    {
      name: "API keys",
      make: ({ rpId }) => {
        const key = { id: fresh("key"), rpId, realmId: "default", hash: fresh("hash"), prefix: "csk_", scopes: [] };
        return inserted(key.id, store().apiKeys.insert({ ...key, createdAtMs: NOW, expiresAtMs: null }));
      },
      read: async (id, { rpId }) => (await store().apiKeys.listOf(rpId)).find((key) => key.id === id),
      verbs: {
        noteUse: ({ apiKeys }, id) => write(store, apiKeys.noteUse(id, NOW)),
        revoke: ({ apiKeys }, id, { rpId }) => apiKeys.revoke(id, rpId, NOW),
        expire: ({ apiKeys }, id, { rpId }) => write(store, apiKeys.expire(id, rpId, NOW)),
      },
    },
    {
      name: "administrators",
      make: () => {
        const administrator = {
          id: fresh("adm"),
          subjectLookup: fresh("lookup"),
          name: "Ada",
          role: "auditor",
        } as const;
        const row = { ...administrator, createdAtMs: NOW, lastSignInAtMs: null };
        return inserted(row.id, store().administrators.insert(row));
      },
      read: (id) => store().administrators.find(id),
      verbs: {
        noteSignIn: ({ administrators }, id) => write(store, administrators.noteSignIn(id, NOW)),
        remove: ({ administrators }, id) => administrators.remove(id, NOW),
      },
    },
    {
      name: "system keys",
      make: async () => {
        const id = fresh("key");
        const key = { id, kind: "signing", sealed: "sealed", publicJwk: null, createdAtMs: NOW } as const;
        await store().systemKeys.insert({ ...key, retiredAtMs: null });
        return id;
      },
      read: async (id) => (await store().systemKeys.list("signing")).find((key) => key.id === id),
      verbs: { reseal: ({ systemKeys }, id) => systemKeys.reseal(id, "sealed", "next") },
    },
  ];
}

function authenticatorRows(store: StoreUnderTest): readonly Kind[] {
  const read = (id: string) => store().authenticators.find(id, "default");
  const pending = (row: typeof pendingTotp) => async (alike: Alike) => {
    const made = row({ subjectLookup: alike.subjectLookup });
    await write(store, store().authenticators.insertPending(made));
    return made.id;
  };
  const sealed = { secret: "sealed-secret", accountName: "sealed-name" };
  return [
    {
      name: "pending TOTP authenticators",
      make: pending(pendingTotp),
      read,
      verbs: {
        takeAttempt: ({ authenticators }, id) => authenticators.takeAttempt(id, "default", NOW),
        activateTotp: ({ authenticators }, id) =>
          authenticators.activateTotp(id, { step: 7, label: "New", stepsInBudget: true }, NOW),
        reseal: ({ authenticators }, id) => authenticators.reseal(id, sealed, { secret: "new", accountName: "new" }),
        dropOnePending: ({ authenticators }, id, { subjectLookup }) =>
          write(store, authenticators.dropOnePending(id, subjectLookup)),
      },
    },
    {
      name: "pending passkeys",
      make: pending(pendingPasskey),
      read,
      verbs: {
        activateWebauthn: ({ authenticators }, id) => authenticators.activateWebauthn(id, credential(), "New", NOW),
      },
    },
    {
      name: "TOTP authenticators",
      make: async ({ subjectLookup }) => (await activeTotp(store, { subjectLookup })).id,
      read,
      verbs: {
        spendStep: ({ authenticators }, id) => authenticators.spendStep(id, 999, NOW),
        rename: ({ authenticators }, id, { subjectLookup }) => authenticators.rename(id, subjectLookup, "New"),
        revoke: ({ authenticators }, id, { subjectLookup }) => authenticators.revoke(id, subjectLookup, NOW),
        touchRecoverySet: ({ authenticators }, id) => write(store, authenticators.touchRecoverySet(id, NOW + 1)),
      },
    },
    {
      name: "passkeys",
      make: async () => (await activePasskey(store)).id,
      read,
      verbs: {
        spendSignCount: ({ authenticators }, id) => authenticators.spendSignCount(id, 9, true, NOW),
        suspectClone: ({ authenticators }, id) => write(store, authenticators.suspectClone(id, NOW)),
      },
    },
  ];
}

function challengeRows(store: StoreUnderTest): readonly Kind[] {
  const read = (id: string, { rpId }: Alike) => store().challenges.find(id, rpId);
  return [
    {
      name: "pending challenges",
      make: async (alike) => (await openChallenge(store, alike)).id,
      read,
      verbs: {
        takeAttempt: ({ challenges }, id, { rpId }) => challenges.takeAttempt(id, rpId, NOW),
        satisfy: ({ challenges }, id) => challenges.satisfy(id, SATISFACTION, NOW),
        deny: ({ challenges }, id) => challenges.deny(id, NOW),
        renew: ({ challenges }, id, { rpId }) =>
          challenges.renew(
            id,
            rpId,
            { webauthnChallenge: "another", attemptsLeft: 3, expiresAtMs: NOW + DAY },
            NOW + DAY / 2,
          ),
      },
    },
    {
      name: "satisfied challenges",
      make: async (alike) => (await satisfiedChallenge(store, alike)).id,
      read,
      verbs: {
        spendProof: ({ challenges }, id, alike) =>
          challenges.spendProof(id, { ...alike, purpose: "verify", sinceMs: NOW, nowMs: NOW }),
        redeem: ({ challenges }, id, { rpId }) => challenges.redeem(id, rpId, NOW, NOW),
      },
    },
  ];
}

function linkRows(store: StoreUnderTest): readonly Kind[] {
  return [
    {
      name: "grants",
      make: async (alike) => {
        const grant = newGrant(alike);
        await write(store, store().grants.insert(grant));
        return grant.id;
      },
      read: (id) => store().grants.find(id),
      verbs: {
        spend: ({ grants }, id) => grants.spend(id, NOW),
        drop: ({ grants }, id) => write(store, grants.drop(id)),
      },
    },
    {
      name: "sessions",
      make: async (alike) => {
        const session = newSession(alike);
        await write(store, store().sessions.insert(session));
        return session.id;
      },
      read: (id) => store().sessions.find(id, "account", NOW, DAY),
      verbs: {
        see: ({ sessions }, id) => write(store, sessions.see(id, NOW + 1)),
        setData: ({ sessions }, id) => write(store, sessions.setData(id, "new")),
        end: ({ sessions }, id) => write(store, sessions.end(id)),
      },
    },
    {
      name: "devices",
      make: async (alike) => {
        const device = { id: fresh("dev"), ...alike, tokenHash: "the same hash", createdAtMs: NOW };
        await write(store, store().devices.insert(device));
        return device.id;
      },
      read: (id) => store().devices.find(id),
      verbs: {
        rotate: ({ devices }, id) => devices.rotate(id, "the same hash", "new", NOW),
        revoke: ({ devices }, id) => write(store, devices.revoke(id, NOW)),
      },
    },
    {
      name: "idempotency keys",
      make: async () => {
        const id = fresh("key");
        await store().idempotency.claim(id, "hash", { nowMs: NOW, staleMs: NOW - DAY, abandonedMs: NOW - DAY });
        return id;
      },
      read: (id) => store().idempotency.find(id),
      verbs: {
        claim: ({ idempotency }, id) =>
          idempotency.claim(id, "other", { nowMs: NOW + DAY, staleMs: NOW, abandonedMs: NOW }),
        settle: ({ idempotency }, id) => write(store, idempotency.settle(id, NOW, 200, "body")),
        release: ({ idempotency }, id) => write(store, idempotency.release(id, NOW)),
      },
    },
  ];
}
