import { ADMIN_ROLES, type AdminProblem, readName, readReason, roleMay } from "../../domain/administrator.ts";
import { inviteMember, listMembers, type Member, removeMember } from "../../flows/admin-members.ts";
import { askTouch } from "../../flows/admin-touch.ts";
import type { IssuedLink } from "../../flows/links.ts";
import type { AdministratorView } from "../pages/admin-models.ts";
import type { PageReply } from "../pages/page-route.ts";
import { timeOf } from "../v1/schemas.ts";
import { type AdminContext, type AdminRoute, readTouch, show } from "./admin-route.ts";

const LIST = "/admin/administrators";

/** `GET /admin/administrators` */
export const listAdministratorsRoute: AdminRoute = {
  method: "get",
  path: LIST,
  needs: "read",
  handle: async (context) => showList(context),
};

/** `GET /admin/administrators/{id}` */
export const administratorRoute: AdminRoute = {
  method: "get",
  path: `${LIST}/:id`,
  needs: "read",
  handle: async (context) => showOne(context),
};

/** `POST /admin/administrators`: the invitation's link is in this one answer and nowhere else. */
export const inviteRoute: AdminRoute = {
  method: "post",
  path: LIST,
  needs: "manage",
  async handle(context) {
    const { deps, call, form } = context;
    const name = readName(form.name);
    const role = ADMIN_ROLES.find((known) => known === form.role);
    if (name === undefined) return showList(context, { problem: "invalid_name" });
    if (role === undefined) return showList(context, { problem: "invalid_input" });
    const invited = await inviteMember(deps, call, { name, role, touch: readTouch(form) });
    return showList(context, invited.ok ? { invited: invited.value } : { problem: invited.problem });
  },
};

/** `POST /admin/administrators/{id}/remove` */
export const removeRoute: AdminRoute = {
  method: "post",
  path: `${LIST}/:id/remove`,
  needs: "manage",
  async handle(context) {
    const { deps, call, form, path } = context;
    const reason = readReason(form.reason);
    if (reason === undefined) return showOne(context, "reason_missing");
    const removed = await removeMember(deps, call, { id: path.id ?? "", reason, touch: readTouch(form) });
    return removed.ok ? { location: LIST } : showOne(context, removed.problem);
  },
};

async function showList(
  context: AdminContext,
  outcome: Readonly<{ invited?: IssuedLink; problem?: AdminProblem }> = {},
): Promise<PageReply> {
  const { deps, call } = context;
  const members = await listMembers(deps, call.nowMs);
  const { invited, problem } = outcome;
  return show(context, {
    view: "administrators",
    administrators: members.map((member) => viewMember(context, member)),
    invited: invited && { url: invited.url, expiresAt: timeOf(invited.expiresAtMs) },
    touch: mayManage(context) ? await askTouch(deps, call, { action: "invite" }) : undefined,
    problem,
  });
}

async function showOne(context: AdminContext, problem?: AdminProblem): Promise<PageReply> {
  const { deps, call, path } = context;
  const member = (await listMembers(deps, call.nowMs)).find(({ id }) => id === path.id);
  if (!member) return showList(context, { problem: "not_found" });
  const administrator = viewMember(context, member);
  const mayRemove = mayManage(context) && !administrator.isSelf;
  const touch = mayRemove ? await askTouch(deps, call, { action: "remove", administrator: member.id }) : undefined;
  return show(context, { view: "administrator", administrator, touch, problem });
}

function mayManage({ call }: AdminContext): boolean {
  return roleMay(call.administrator.role, "manage");
}

function viewMember({ call }: AdminContext, member: Member): AdministratorView {
  const { id, name, role } = member;
  const shared = { id, name, role, isSelf: id === call.administrator.id };
  if (member.state === "invited") {
    const { createdAtMs, expiresAtMs } = member.invitation;
    return { ...shared, pending: true, createdAt: timeOf(createdAtMs), expiresAt: timeOf(expiresAtMs) };
  }
  const { createdAtMs, lastSignInAtMs } = member.administrator;
  const lastSignInAt = lastSignInAtMs === null ? undefined : timeOf(lastSignInAtMs);
  return { ...shared, pending: false, createdAt: timeOf(createdAtMs), lastSignInAt };
}
