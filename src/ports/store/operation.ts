/** The store's port: administrators, the audit log, idempotency keys and the service's own keys. */
import type { Administrator } from "../../domain/administrator.ts";
import type { AuditEvent, AuditKind, StoredAuditEvent } from "../../domain/audit-event.ts";
import type { Write } from "./write.ts";

export type AdministratorVerbs = Readonly<{
  insert: (administrator: Administrator) => Write;
  find: (id: string) => Promise<Administrator | undefined>;
  findBySubject: (subjectLookup: string) => Promise<Administrator | undefined>;
  list: () => Promise<readonly Administrator[]>;
  noteSignIn: (id: string, nowMs: number) => Write;
  /** Counts one owner more. */
  addOwner: () => Write;
  /** Counts one owner less. Guard: at least one remains. */
  takeOwner: () => Promise<boolean>;
  /** Guard: not removed yet. */
  remove: (id: string, nowMs: number) => Promise<boolean>;
}>;

export type AuditFilterInput = Readonly<{
  kind?: AuditKind;
  rpId?: string;
  subjectLookup?: string;
  fromMs?: number;
  toMs?: number;
  beforeId?: number;
  afterId?: number;
  limit: number;
}>;

export type AuditVerbs = Readonly<{
  append: (event: AuditEvent) => Write;
  /** Newest first. */
  list: (filter: AuditFilterInput) => Promise<readonly StoredAuditEvent[]>;
  /** Notable events of a realm after a cursor, oldest first. */
  listNotable: (realmId: string, afterId: number, limit: number) => Promise<readonly StoredAuditEvent[]>;
  /** All events after a cursor, oldest first: for export. */
  listAfter: (afterId: number, limit: number) => Promise<readonly StoredAuditEvent[]>;
  bySubject: SubjectEventVerbs;
}>;

/**
 * The index behind `list` by subject. It follows the log at a distance: `list` finds what it does not have yet by
 * reading the events since.
 */
export type SubjectEventVerbs = Readonly<{
  /** The id of the last event that it has. */
  indexedUpTo: () => Promise<number>;
  /** Events after a cursor, oldest first, those of nobody included. */
  listAfter: (
    afterId: number,
    limit: number,
  ) => Promise<readonly Readonly<{ id: number; subjectLookup: string | null }>[]>;
  /** Adds entries; those that it has already stay. */
  add: (entries: readonly Readonly<{ eventId: number; subjectLookup: string }>[]) => readonly Write[];
  /** Says that everything up to this event has been added. Never goes back. */
  markUpTo: (eventId: number) => Write;
}>;

export type StoredVerdict = Readonly<{
  requestHash: string;
  status: number | null;
  body: string | null;
  createdAtMs: number;
}>;

export type ClaimTimes = Readonly<{ nowMs: number; staleMs: number; abandonedMs: number }>;

export type IdempotencyVerbs = Readonly<{
  /** Claims a key. Guard: never seen, or last claimed by `staleMs`, or by `abandonedMs` and not settled since. */
  claim: (id: string, requestHash: string, at: ClaimTimes) => Promise<boolean>;
  find: (id: string) => Promise<StoredVerdict | undefined>;
  /** Guard: the claim of `claimedAtMs` still stands; one that has gone stale was taken over. */
  settle: (id: string, claimedAtMs: number, status: number, body: string) => Write;
  /** Forgets a claim whose request failed on our side, so that a retry is a first try. */
  release: (id: string, claimedAtMs: number) => Write;
  purge: (beforeMs: number) => Write;
}>;

export type TurnVerbs = Readonly<{
  /** Takes up background work for a while, of several nodes one. Guard: never taken, or last taken `everyMs` ago. */
  take: (work: string, at: Readonly<{ nowMs: number; everyMs: number }>) => Promise<boolean>;
}>;

export type StoredSystemKey = Readonly<{
  id: string;
  kind: "mac_root" | "signing";
  sealed: string;
  publicJwk: string | null;
  createdAtMs: number;
  retiredAtMs: number | null;
}>;

export type SystemKeyVerbs = Readonly<{
  /** Inserts the key unless its id exists. Answers whether it was inserted. */
  insert: (key: StoredSystemKey) => Promise<boolean>;
  list: (kind: StoredSystemKey["kind"]) => Promise<readonly StoredSystemKey[]>;
  /** Forgets a key for good. */
  drop: (id: string) => Write;
  /** Guard: the old envelope is still there. */
  reseal: (id: string, from: string, to: string) => Promise<boolean>;
}>;
