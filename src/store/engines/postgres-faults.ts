/** The database cannot be reached, is going down, or did not answer in time. Whether a write took place is not known. */
export class OutageError extends Error {
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super("the database cannot be reached", options);
    this.name = "OutageError";
    this.code = code;
  }
}

/** The driver's and the system's codes for connections that could not be made or were lost. */
const CONNECTION =
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ENOTFOUND|EAI_|ENOENT|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)/;
/**
 * SQLSTATE classes and codes (PostgreSQL, appendix A) that say nothing about the request: connection exceptions, too few
 * resources, shutting down or starting, a read-only stand-in, statements cancelled or kept waiting for too long.
 */
const SERVER = /^(08|53|57P|58)|^(57014|55P03|25006)$/;
/** Transactions that the server undid because of others: the same statement may well succeed alone. */
const UNDONE = /^(40001|40P01)$/;
const UNIQUE_VIOLATION = "23505";
const DIVISION_BY_ZERO = "22012";

/** Whether the error or what caused it is an outage. */
export function isOutage(error: unknown): boolean {
  if (error instanceof OutageError) return true;
  return someCode(error, (code) => CONNECTION.test(code) || SERVER.test(code) || UNDONE.test(code));
}

/** Why a server would not have us, when trying again is of no use: SQLSTATE 28 and 3D are about the URL, 42501 about rights. */
export function refusalOf(error: unknown): "role" | "database" | "rights" | undefined {
  if (someCode(error, (code) => code.startsWith("28"))) return "role";
  if (someCode(error, (code) => code === "3D000")) return "database";
  return someCode(error, (code) => code === "42501") ? "rights" : undefined;
}

export function isUniqueViolation(error: unknown): boolean {
  return someCode(error, (code) => code === UNIQUE_VIOLATION);
}

/** Whether the server itself refused a statement, so that its transaction is known to be undone. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "PostgresError" && !someCode(error, (code) => SERVER.test(code));
}

/** Whether the statement that looks for the witness did not find it: see `openWitness`. No other one divides. */
export function isWitnessGone(error: unknown): boolean {
  return someCode(error, (code) => code === DIVISION_BY_ZERO);
}

/** Whether the server undid a lone statement for the sake of another one. */
export function isUndone(error: unknown): boolean {
  return someCode(error, (code) => UNDONE.test(code));
}

function someCode(error: unknown, is: (code: string) => boolean): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string" && is(at.code)) return true;
  }
  return false;
}
