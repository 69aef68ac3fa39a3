/** The store's port: one-time links and codes, identifiers that count once, and browser sessions. */
import type { Method } from "../../domain/authenticator.ts";
import type { Write } from "./write.ts";

export type GrantKind = "enrol" | "prompt" | "account" | "admin_invite" | "oidc_request" | "oidc_code";

export type StoredGrant = Readonly<{
  id: string;
  kind: GrantKind;
  realmId: string;
  rpId: string | null;
  subjectLookup: string | null;
  /** Sealed JSON. */
  data: string;
  createdAtMs: number;
  expiresAtMs: number;
  usedAtMs: number | null;
}>;

export type GrantVerbs = Readonly<{
  insert: (grant: Omit<StoredGrant, "usedAtMs">) => Write;
  find: (id: string) => Promise<StoredGrant | undefined>;
  /** Guard: unused and not expired. */
  spend: (id: string, nowMs: number) => Promise<StoredGrant | undefined>;
  drop: (id: string) => Write;
  dropOf: (subjectLookup: string) => Write;
  listOpen: (kind: GrantKind, nowMs: number) => Promise<readonly StoredGrant[]>;
  purge: (beforeMs: number) => Write;
}>;

export type UsedTokenVerbs = Readonly<{
  /** Uses an identifier. Guard: not used before. It is remembered until `expiresAtMs`. */
  use: (id: string, expiresAtMs: number) => Promise<boolean>;
  purge: (beforeMs: number) => Write;
}>;

export type SessionKind = "enrol" | "prompt" | "account" | "admin";

export type StoredSession = Readonly<{
  id: string;
  kind: SessionKind;
  realmId: string;
  rpId: string | null;
  subjectLookup: string | null;
  /** Sealed JSON. */
  data: string;
  createdAtMs: number;
  seenAtMs: number;
  expiresAtMs: number;
  provenAtMs: number | null;
  provenMethod: Method | null;
}>;

export type SessionVerbs = Readonly<{
  insert: (session: StoredSession) => Write;
  /** The session, unless over or idle for longer than `idleMs`. */
  find: (id: string, kind: SessionKind, nowMs: number, idleMs: number) => Promise<StoredSession | undefined>;
  see: (id: string, nowMs: number) => Write;
  /** Replaces what the session carries. */
  setData: (id: string, data: string) => Write;
  end: (id: string) => Write;
  endAll: (subjectLookup: string) => Write;
  listOf: (subjectLookup: string, nowMs: number) => Promise<readonly StoredSession[]>;
  purge: (beforeMs: number) => Write;
}>;
