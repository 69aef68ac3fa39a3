import { type Administrator, type AdminOutcome, type AdminRole, done, refused } from "../domain/administrator.ts";
import type { Deps } from "../ports/deps.ts";
import { type AdminCall, adminAudit } from "./admin-call.ts";
import { type Invitation, inviteAdministrator, listInvitations } from "./admin-invite.ts";
import { spendTouch, type Touch } from "./admin-touch.ts";
import type { IssuedLink } from "./links.ts";

/** Invites an administrator after a fresh touch; the link is returned this once. */
export async function inviteMember(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ name: string; role: AdminRole; touch: Touch }>,
): Promise<AdminOutcome<IssuedLink>> {
  const touched = await spendTouch(deps, call, { action: "invite" }, input.touch);
  if (!touched.ok) return touched;
  return done(await inviteAdministrator(deps, { ...call, actor: call.administrator.id }, input));
}

/** Somebody who is an administrator, or has been invited to become one. */
export type Member =
  | Readonly<{
      state: "joined";
      id: string;
      lookup: string;
      role: AdminRole;
      name: string;
      administrator: Administrator;
    }>
  | Readonly<{ state: "invited"; id: string; lookup: string; role: AdminRole; name: string; invitation: Invitation }>;

/** All of them: administrators first, then open invitations, each oldest first. */
export async function listMembers(deps: Deps, nowMs: number): Promise<readonly Member[]> {
  const joined = (await deps.store.administrators.list()).map((administrator): Member => {
    const { id, subjectLookup: lookup, role, name } = administrator;
    return { state: "joined", id, lookup, role, name, administrator };
  });
  const invited = (await listInvitations(deps, nowMs)).map((invitation): Member => {
    const { administrator: id, lookup, role, name } = invitation;
    return { state: "invited", id, lookup, role, name, invitation };
  });
  return [...joined, ...invited];
}

/**
 * Removes an administrator, or withdraws an invitation, after a fresh touch: their passkeys are revoked and their
 * sessions end. Nobody removes themself, and one owner always remains, whoever removes whom at the same time.
 */
export async function removeMember(
  deps: Deps,
  call: AdminCall,
  input: Readonly<{ id: string; reason: string; touch: Touch }>,
): Promise<AdminOutcome<undefined>> {
  const members = await listMembers(deps, call.nowMs);
  const member = members.find(({ id }) => id === input.id);
  if (!member) return refused("not_found");
  if (member.id === call.administrator.id) return refused(isOnlyOwner(members) ? "last_owner" : "own_account");
  const touched = await spendTouch(deps, call, { action: "remove", administrator: member.id }, input.touch);
  if (!touched.ok) return touched;
  const taken = member.state === "joined" ? await takeOffice(deps, call, member) : done(undefined);
  if (!taken.ok) return taken;
  await deps.store.atomically([
    deps.store.authenticators.revokeAll(member.lookup, call.nowMs),
    deps.store.authenticators.dropPending(member.lookup),
    deps.store.sessions.endAll(member.lookup),
    deps.store.grants.dropOf(member.lookup),
    deps.store.audit.append(
      adminAudit(call, "administrator_removed", { subjectLookup: member.lookup, reason: input.reason }),
    ),
  ]);
  return done(undefined);
}

/** One statement takes the owner from the count, unless they are the last. */
async function takeOffice(deps: Deps, call: AdminCall, { id, role }: Member): Promise<AdminOutcome<undefined>> {
  if (role === "owner" && !(await deps.store.administrators.takeOwner())) return refused("last_owner");
  if (await deps.store.administrators.remove(id, call.nowMs)) return done(undefined);
  // Somebody else removed them a moment ago, and has taken them from the count already.
  if (role === "owner") await deps.store.atomically([deps.store.administrators.addOwner()]);
  return refused("not_found");
}

function isOnlyOwner(members: readonly Member[]): boolean {
  return members.filter(({ state, role }) => state === "joined" && role === "owner").length === 1;
}
