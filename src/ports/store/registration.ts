/** The store's port: realms, relying parties and their keys. */
import type { DecoyShape } from "../../domain/decoy-shape.ts";
import type { Realm } from "../../domain/realm.ts";
import type { Caller, RelyingParty } from "../../domain/relying-party.ts";
import type { Write } from "./write.ts";

export type RealmVerbs = Readonly<{
  find: (id: string) => Promise<Realm | undefined>;
  list: () => Promise<readonly Realm[]>;
  /** Inserts the realm, or updates its name, RP ID and origins and keeps the rest. */
  put: (realm: Omit<Realm, "policy" | "decoyShapes">, nowMs: number) => Write;
  setPolicy: (id: string, deviations: string) => Write;
  setDecoyShapes: (id: string, shapes: readonly DecoyShape[]) => Write;
}>;

export type StoredRelyingParty = RelyingParty &
  Readonly<{ clientSecretHash: string; createdAtMs: number; revokedAtMs: number | null }>;

export type RelyingPartyVerbs = Readonly<{
  insert: (rp: Omit<StoredRelyingParty, "revokedAtMs">) => Write;
  find: (id: string) => Promise<StoredRelyingParty | undefined>;
  list: () => Promise<readonly StoredRelyingParty[]>;
  /** Guard: not revoked yet. */
  revoke: (id: string, nowMs: number) => Promise<boolean>;
}>;

export type StoredApiKey = Readonly<{
  id: string;
  rpId: string;
  realmId: string;
  prefix: string;
  scopes: readonly string[];
  createdAtMs: number;
  expiresAtMs: number | null;
  lastUsedAtMs: number | null;
  revokedAtMs: number | null;
}>;

export type ApiKeyVerbs = Readonly<{
  insert: (key: Omit<StoredApiKey, "lastUsedAtMs" | "revokedAtMs"> & Readonly<{ hash: string }>) => Write;
  /** The caller behind a key that is neither expired nor revoked, and when it was last noted as used. */
  findUsable: (
    hash: string,
    nowMs: number,
  ) => Promise<(Caller & Readonly<{ lastUsedAtMs: number | null }>) | undefined>;
  noteUse: (id: string, nowMs: number) => Write;
  listOf: (rpId: string) => Promise<readonly StoredApiKey[]>;
  /** Guard: belongs to the relying party and is not revoked yet. */
  revoke: (id: string, rpId: string, nowMs: number) => Promise<boolean>;
  revokeAllOf: (rpId: string, nowMs: number) => Write;
  /** Ends a key later, so that its successor can take over. Guard: its own, not revoked, and does not end sooner anyway. */
  expire: (id: string, rpId: string, atMs: number) => Write;
}>;
