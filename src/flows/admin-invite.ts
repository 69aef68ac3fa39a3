import type { AdminRole } from "../domain/administrator.ts";
import { fromBase64url, fromUtf8, toBase64url, toUtf8 } from "../domain/encoding.ts";
import { newId } from "../domain/ids.ts";
import { ADMIN_REALM_ID } from "../domain/realm.ts";
import type { Deps } from "../ports/deps.ts";
import type { Random } from "../ports/random.ts";
import type { StoredGrant, Write } from "../ports/store.ts";
import { grantContext, type IssuedLink } from "./links.ts";
import type { Actor } from "./relying-parties.ts";
import { lookupOf } from "./subject.ts";

const TOKEN_BYTES = 32;
/** Long enough to reach somebody who is not at the desk, and no longer. */
const INVITE_MS = 24 * 60 * 60 * 1000;
/** How far the clock of the machine that announces an invitation may be ahead. */
const SKEW_MS = 10 * 60 * 1000;

/** An invitation that nobody has accepted yet. `administrator` is the id that whoever accepts it will have. */
export type Invitation = Readonly<{
  /** The grant's id: the hash of the link's token. */
  id: string;
  administrator: string;
  lookup: string;
  name: string;
  role: AdminRole;
  createdAtMs: number;
  expiresAtMs: number;
}>;

/**
 * A one-time link, good for a day, by which one person becomes an administrator. The link is the only way in: until it
 * is followed and a passkey enrolled there is no such administrator.
 */
export async function inviteAdministrator(
  deps: Deps,
  by: Actor,
  input: Readonly<{ name: string; role: AdminRole }>,
): Promise<IssuedLink> {
  const token = newInviteToken(deps.random);
  const administrator = newId("adm", deps.random.bytes);
  const expiresAtMs = by.nowMs + INVITE_MS;
  const id = deps.keyring.hash(token);
  await deps.store.atomically(writesOf(deps, by, { ...input, id, administrator, expiresAtMs }));
  return { url: inviteUrl(deps.publicUrl, token), expiresAtMs };
}

/** An invitation made where the database is out of reach: the hash of its link's token, and when it ends. */
export type AnnouncedInvitation = Readonly<{ id: string; expiresAtMs: number }>;

/**
 * Opens an owner's invitation that the operator announced in the settings, once: what became of it, and whether its
 * administrator is still one, makes no difference. One that is too old, or would last too long, is passed over.
 */
export async function admitInvitation(deps: Deps, by: Actor, announced: AnnouncedInvitation): Promise<void> {
  const { id, expiresAtMs } = announced;
  if (expiresAtMs <= by.nowMs || expiresAtMs > by.nowMs + INVITE_MS + SKEW_MS) return;
  // Always the same for one announcement, so that the audit log tells whether it was admitted before.
  const administrator = newId("adm", (length) => fromBase64url(id)?.subarray(0, length) ?? new Uint8Array());
  const subjectLookup = lookupOf(deps.keyring, ADMIN_REALM_ID, administrator);
  const isAdmitted = async () =>
    (await deps.store.audit.list({ kind: "administrator_invited", subjectLookup, limit: 1 })).length > 0;
  if (await isAdmitted()) return;
  try {
    await deps.store.atomically(writesOf(deps, by, { id, expiresAtMs, administrator, name: "Owner", role: "owner" }));
  } catch (error) {
    // Of several nodes that admit it at once one succeeds.
    if (!(await isAdmitted())) throw error;
  }
}

/** The token of a link; whoever has it becomes an administrator. */
export function newInviteToken(random: Random): string {
  return toBase64url(random.bytes(TOKEN_BYTES));
}

/** The link for a token. */
export function inviteUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/admin/invite/${token}`;
}

type NewInvitation = InviteData & AnnouncedInvitation;

function writesOf(deps: Deps, by: Actor, { id, expiresAtMs, ...data }: NewInvitation): readonly Write[] {
  const subjectLookup = lookupOf(deps.keyring, ADMIN_REALM_ID, data.administrator);
  return [
    deps.store.grants.insert({
      id,
      kind: "admin_invite",
      realmId: ADMIN_REALM_ID,
      rpId: null,
      subjectLookup,
      data: deps.keyring.seal(grantContext(id), toUtf8(JSON.stringify(data))),
      createdAtMs: by.nowMs,
      expiresAtMs,
    }),
    deps.store.audit.append({
      atMs: by.nowMs,
      kind: "administrator_invited",
      realmId: ADMIN_REALM_ID,
      requestId: by.requestId,
      subjectLookup,
      actor: by.actor,
      reason: data.role,
    }),
  ];
}

/** The open invitation behind a grant's id; undefined once it is used or too old. Reading does not use it up. */
export async function findInvitation(deps: Deps, id: string, nowMs: number): Promise<Invitation | undefined> {
  const grant = await deps.store.grants.find(id);
  if (grant?.kind !== "admin_invite" || grant.usedAtMs !== null || grant.expiresAtMs <= nowMs) return undefined;
  return toInvitation(deps, grant);
}

/** Invitations still open, oldest first. */
export async function listInvitations(deps: Deps, nowMs: number): Promise<readonly Invitation[]> {
  const grants = await deps.store.grants.listOpen("admin_invite", nowMs);
  return grants.map((grant) => toInvitation(deps, grant));
}

type InviteData = Readonly<{ administrator: string; name: string; role: AdminRole }>;

function toInvitation(deps: Deps, grant: StoredGrant): Invitation {
  // Authenticated encryption: it is what `inviteAdministrator` sealed.
  const data = JSON.parse(fromUtf8(deps.keyring.open(grantContext(grant.id), grant.data))) as InviteData;
  const { id, subjectLookup, createdAtMs, expiresAtMs } = grant;
  return { ...data, id, lookup: subjectLookup ?? "", createdAtMs, expiresAtMs };
}
