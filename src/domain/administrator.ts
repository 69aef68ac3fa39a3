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

export const ADMIN_ACTIONS: readonly AdminAction[] = ["read", "reset", "manage"];

const MAY = {
  owner: ["read", "reset", "manage"],
  operator: ["read", "reset"],
  auditor: ["read"],
} satisfies Record<AdminRole, readonly AdminAction[]>;

/** Whether a role may do something: what is not listed is refused. */
export function roleMay(role: AdminRole, action: AdminAction): boolean {
  return (MAY[role] as readonly AdminAction[]).includes(action);
}

/** Why what an administrator asked for was not carried out. */
export type AdminProblem =
  | "not_found"
  | "reason_missing"
  | "passkey_refused"
  | "forbidden"
  | "last_owner"
  | "own_account"
  | "invalid_redirect_uri"
  | "invalid_name"
  | "invalid_input"
  | "nothing_to_do";

/** A refusal that the administrator is told plainly: unlike people and relying parties, they may know why. */
export type AdminOutcome<T> = Readonly<{ ok: true; value: T }> | AdminRefusal;

export type AdminRefusal = Readonly<{ ok: false; problem: AdminProblem }>;

export function done<T>(value: T): AdminOutcome<T> {
  return { ok: true, value };
}

export function refused(problem: AdminProblem): AdminRefusal {
  return { ok: false, problem };
}

const NAME_MAX = 64;
const REASON_MAX = 200;
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** A name to show, trimmed: 1 to 64 characters without control characters; undefined for anything else. */
export function readName(text: string | undefined): string | undefined {
  return readLine(text, NAME_MAX);
}

/** What an administrator gives as the reason, trimmed: 1 to 200 characters on one line; undefined for anything else. */
export function readReason(text: string | undefined): string | undefined {
  return readLine(text, REASON_MAX);
}

function readLine(text: string | undefined, max: number): string | undefined {
  const line = text?.trim().normalize("NFC") ?? "";
  const isUsable = line !== "" && line.length <= max && line.isWellFormed() && !UNPRINTABLE.test(line);
  return isUsable ? line : undefined;
}
