/** The store's port: realms, relying parties and their keys. */
import type { Branding } from "../../domain/branding.ts";
import type { DecoyShape } from "../../domain/decoy-shape.ts";
import type { Realm } from "../../domain/realm.ts";
import type { Caller, JwkSet, RelyingParty } from "../../domain/relying-party.ts";
import type { Write } from "./write.ts";

export type RealmVerbs = Readonly<{
  find: (id: string) => Promise<Realm | undefined>;
  list: () => Promise<readonly Realm[]>;
  /** Inserts the realm, or updates its name, RP ID and origins and keeps the rest. */
  put: (realm: Omit<Realm, "policy" | "decoyShapes" | "branding">, nowMs: number) => Write;
  setPolicy: (id: string, deviations: string) => Write;
  setBranding: (id: string, branding: Branding) => Write;
  setDecoyShapes: (id: string, shapes: readonly DecoyShape[]) => Write;
}>;

export type StoredRelyingParty = RelyingParty &
  Readonly<{
    /** Empty for one that signs its requests. */
    clientSecretHash: string;
    /** How many unknown subjects each key may ask about in an hour; null for what the realm's policy says. */
    unknownPerHour: number | null;
    /** Its public keys, when it authenticates by signed assertions. */
    jwks: JwkSet | null;
    /** Its authorization requests may come by the browser instead of being pushed. */
    allowInsecureAuthorize: boolean;
    createdAtMs: number;
    revokedAtMs: number | null;
  }>;

export type RelyingPartyVerbs = Readonly<{
  insert: (rp: Omit<StoredRelyingParty, "revokedAtMs" | "unknownPerHour">) => Write;
  find: (id: string) => Promise<StoredRelyingParty | undefined>;
  list: () => Promise<readonly StoredRelyingParty[]>;
  /** Guard: not revoked yet. */
  revoke: (id: string, nowMs: number) => Promise<boolean>;
  setUnknownPerHour: (id: string, limit: number | null) => Write;
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
  /** Subjects told of in the hour that began then, unknown and known, and since when the scan alarm has stopped it. */
  unknownSinceMs: number;
  unknownCount: number;
  knownCount: number;
  scanStoppedAtMs: number | null;
}>;

export type NewApiKey = Pick<
  StoredApiKey,
  "id" | "rpId" | "realmId" | "prefix" | "scopes" | "createdAtMs" | "expiresAtMs"
> &
  Readonly<{ hash: string }>;

export type ApiKeyVerbs = Readonly<{
  insert: (key: NewApiKey) => Write;
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
  /**
   * Counts one subject, unknown or known, and stops the key with the one that is too many within an hour of the first:
   * over `limit` unknown ones, or over as many of both in a mix as `SCAN_MIX` says. Guard: not stopped. Answers whether
   * it was this call that stopped it.
   */
  takeSight: (
    id: string,
    sight: Readonly<{ isKnown: boolean; limit: number; nowMs: number }>,
  ) => Promise<"counted" | "stopped" | undefined>;
  /** Counts one less: the subject is known now. */
  giveUnknownBack: (id: string) => Write;
  /** Lets the stopped keys of a relying party go on, with a count of zero. Answers how many there were. */
  liftScanAlarm: (rpId: string) => Promise<number>;
  /** Ends a key later, so that its successor can take over. Guard: its own, not revoked, and does not end sooner anyway. */
  expire: (id: string, rpId: string, atMs: number) => Write;
}>;
