/** owner: everything; operator: find, reset, lift; auditor: read. */
export type AdminRole = "owner" | "operator" | "auditor";

export const ADMIN_ROLES: readonly AdminRole[] = ["owner", "operator", "auditor"];

export type Administrator = Readonly<{
  id: string;
  subjectLookup: string;
  name: string;
  role: AdminRole;
  createdAtMs: number;
  lastSignInAtMs: number | null;
}>;

export type AdminAction = "read" | "reset" | "manage";

const MAY = {
  owner: ["read", "reset", "manage"],
  operator: ["read", "reset"],
  auditor: ["read"],
} satisfies Record<AdminRole, readonly AdminAction[]>;

/** Whether a role may do something: what is not listed is refused. */
export function roleMay(role: AdminRole, action: AdminAction): boolean {
  return (MAY[role] as readonly AdminAction[]).includes(action);
}
