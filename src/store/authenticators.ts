import { and, asc, eq, getTableColumns, gt, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { Method } from "../domain/authenticator.ts";
import { afterwards } from "../domain/eventual.ts";
import type {
  AuthenticatorVerbs,
  CheckableAuthenticator,
  NewCredential,
  NewPendingAuthenticator,
  OfferedAuthenticator,
  StoredAuthenticator,
} from "../ports/store.ts";
import { decided, deferred, type Engine, rowsOf, setTo, value } from "./engine.ts";
import { codesBudgetId } from "./guess-budgets.ts";
import { STAND_IN, standInOf } from "./stand-ins.ts";

/** Authenticators, pending and active: one table, every decision one statement on one row. */
export function authenticatorVerbs(engine: Engine): AuthenticatorVerbs {
  return {
    ...enrolmentVerbs(engine),
    ...readingVerbs(engine),
    ...spendingVerbs(engine),
    ...managingVerbs(engine),
    ...resealingVerbs(engine),
  };
}

function enrolmentVerbs({ db, tables: { authenticators: t }, isUniqueViolation }: Engine) {
  const insert = db.insert(t).values(placeholders(NEW_ROW)).prepare();
  const claimSet = db.insert(t).values(placeholders(NEW_ROW)).onConflictDoNothing().returning({ id: t.id }).prepare();
  const isPending = and(eq(t.id, value("id")), eq(t.status, value("pending")), gt(t.expiresAtMs, value("now")));
  const takeAttempt = db
    .update(t)
    .set({ attemptsLeft: sql`${t.attemptsLeft} - ${value("one")}` })
    .where(and(isPending, eq(t.realmId, value("realmId")), gt(t.attemptsLeft, value("zero"))))
    .returning()
    .prepare();
  const activated = {
    status: setTo("active"),
    activatedAtMs: setTo("now"),
    label: setTo("label"),
    expiresAtMs: null,
    accountName: null,
    webauthnChallenge: null,
  };
  const activateTotp = db
    .update(t)
    .set({ ...activated, lastStep: setTo("step"), stepsInBudget: setTo("stepsInBudget") })
    .where(isPending)
    .returning()
    .prepare();
  const activateWebauthn = db
    .update(t)
    .set({
      ...activated,
      credentialId: setTo("credentialId"),
      publicKey: setTo("publicKey"),
      signCount: setTo("signCount"),
      backupEligible: setTo("backupEligible"),
      backupState: setTo("backupState"),
      hardwareAttested: setTo("hardwareAttested"),
      transports: setTo("transports"),
      aaguid: setTo("aaguid"),
    })
    .where(isPending)
    .returning()
    .prepare();
  const base = (id: string, label: string, now: number) => ({ id, label, now, pending: "pending", active: "active" });

  return {
    insertPending: (row: NewPendingAuthenticator) => deferred(insert, { ...NEW_ROW, ...row, status: "pending" }),
    claimRecoverySet: async (
      id: string,
      of: Readonly<{ realmId: string; subjectLookup: string; createdBy: string; nowMs: number }>,
    ) => {
      const row = {
        ...NEW_ROW,
        id,
        realmId: of.realmId,
        subjectLookup: of.subjectLookup,
        createdBy: of.createdBy,
        createdAtMs: of.nowMs,
        activatedAtMs: of.nowMs,
      };
      return decided(await claimSet.execute({ ...row, method: "recovery_code", status: "active" }));
    },
    takeAttempt: async (id: string, realmId: string, now: number) =>
      toStored((await takeAttempt.execute({ id, realmId, now, pending: "pending", one: 1, zero: 0 }))[0]),
    activateTotp: async (id: string, as: Parameters<AuthenticatorVerbs["activateTotp"]>[1], now: number) =>
      toStored(
        (
          await activateTotp.execute({
            ...base(id, as.label, now),
            step: as.step,
            stepsInBudget: Number(as.stepsInBudget),
          })
        )[0],
      ),
    activateWebauthn: async (id: string, credential: NewCredential, label: string, now: number) => {
      try {
        return toStored(
          (await activateWebauthn.execute({ ...base(id, label, now), ...credentialColumns(credential) }))[0],
        );
      } catch (error) {
        if (isUniqueViolation(error)) return "exists" as const;
        throw error;
      }
    },
  };
}

function readingVerbs({ db, tables: { authenticators: t, guessBudgets: budgets } }: Engine) {
  const find = db
    .select()
    .from(t)
    .where(and(eq(t.id, value("id")), eq(t.realmId, value("realmId"))))
    .prepare();
  // Literals: SQLite compares status and method with the condition of the partial index, and would prepare the statement
  // anew for every value of a parameter, at three times the cost of running it.
  const isActive = and(eq(t.subjectLookup, value("lookup")), sql`${t.status} = 'active'`);
  const listActive = db
    .select({ ...getTableColumns(t), usedByBudgetMs: budgets.lastUsedAtMs })
    .from(t)
    .leftJoin(budgets, and(eq(budgets.id, value("codesId")), eq(budgets.codesOf, t.id)))
    .where(isActive)
    .orderBy(asc(t.createdAtMs), asc(t.id))
    .prepare();
  const { subjectLookup } = t;
  const listOffered = db
    .select({ subjectLookup, method: t.method, credentialId: t.credentialId, transports: t.transports })
    .from(t)
    .where(ownOrStandIns(t))
    .orderBy(asc(t.method), asc(t.createdAtMs), asc(t.id))
    .prepare();
  const sample = db
    .select({
      subjectLookup: t.subjectLookup,
      method: t.method,
      credentialId: t.credentialId,
      transports: t.transports,
    })
    .from(t)
    .where(and(gt(t.subjectLookup, value("from")), eq(t.realmId, value("realmId")), sql`${t.status} = 'active'`))
    .orderBy(asc(t.subjectLookup), asc(t.createdAtMs), asc(t.id))
    .limit(value("limit"))
    .prepare();
  const { id } = t;
  const listTotp = db
    .select({ subjectLookup, id, ...totpColumns(t) })
    .from(t)
    .where(ownOrStandIns(t, "totp"))
    .prepare();
  const listWebauthn = db
    .select({ subjectLookup, id, ...passkeyColumns(t) })
    .from(t)
    .where(ownOrStandIns(t, "webauthn"))
    .prepare();
  const listRecovery = db.select({ subjectLookup, id }).from(t).where(ownOrStandIns(t, "recovery_code")).prepare();
  const listUsable = { totp: listTotp, webauthn: listWebauthn, recovery_code: listRecovery };

  return {
    find: async (id: string, realmId: string) => toStored((await find.execute({ id, realmId }))[0]),
    listActive: async (lookup: string) =>
      (await listActive.execute({ lookup, codesId: codesBudgetId(lookup) })).map(({ usedByBudgetMs, ...row }) =>
        toStoredRow({ ...row, lastUsedAtMs: usedByBudgetMs ?? row.lastUsedAtMs }),
      ),
    listOffered: async (lookup: string, standIns = 1) =>
      // Method was written from the closed union.
      ownOf(
        lookup,
        await listOffered.execute({ lookup, standIn: standInOf(standIns) }),
      ) as readonly OfferedAuthenticator[],
    sample: async (realmId: string, from: string, limit: number) =>
      // Method was written from the closed union.
      (await sample.execute({ realmId, from, limit })) as Awaited<ReturnType<AuthenticatorVerbs["sample"]>>,
    listUsable: (lookup: string, method: Method, standIns = 1) => {
      const standIn = method === "webauthn" ? standInOf(standIns) : STAND_IN;
      return afterwards(rowsOf<UsableRow>(listUsable[method], { lookup, standIn }), (rows) =>
        ownOf(
          lookup,
          rows.map((row) => ({ ...NOT_OF_THIS_METHOD, ...row, method })),
        ),
      );
    },
  };
}

/** The active ones of the subject, or where it has none those of a stand-in: as many rows are read of either. */
function ownOrStandIns(t: Engine["tables"]["authenticators"], method?: Method): SQL {
  const isWanted = sql`${t.status} = 'active'${sql.raw(method === undefined ? "" : ` and method = '${method}'`)}`;
  const own = sql`select ${t.subjectLookup} from ${t} where ${t.subjectLookup} = ${value("lookup")} and ${isWanted} limit 1`;
  return sql`${t.subjectLookup} = coalesce((${own}), ${value("standIn")}) and ${isWanted}`;
}

/** Stand-ins are never told to anybody. */
function ownOf<Row extends Readonly<{ subjectLookup: string }>>(lookup: string, rows: readonly Row[]): readonly Row[] {
  return rows[0]?.subjectLookup === lookup ? rows : [];
}

/** What a code is checked with. */
function totpColumns({ secret, algorithm, digits, periodSeconds, stepsInBudget }: Engine["tables"]["authenticators"]) {
  return { secret, algorithm, digits, periodSeconds, stepsInBudget };
}

/** What a passkey's answer is checked with. */
function passkeyColumns(t: Engine["tables"]["authenticators"]) {
  const { credentialId, publicKey, signCount, backupEligible, backupState, hardwareAttested, transports } = t;
  return { credentialId, publicKey, signCount, backupEligible, backupState, hardwareAttested, transports };
}

/** What the list of one method reads. */
type UsableRow = Readonly<{ id: string; subjectLookup: string }> & Partial<CheckableAuthenticator>;

const NOT_OF_THIS_METHOD: Omit<CheckableAuthenticator, "id" | "method"> = {
  secret: null,
  algorithm: null,
  digits: null,
  periodSeconds: null,
  stepsInBudget: 0,
  credentialId: null,
  publicKey: null,
  signCount: 0,
  backupEligible: 0,
  backupState: 0,
  hardwareAttested: 0,
  transports: null,
};

function spendingVerbs({ db, tables: { authenticators: t } }: Engine) {
  const isActive = and(eq(t.id, value("id")), eq(t.status, value("active")));
  const spendStep = db
    .update(t)
    .set({ lastStep: setTo("step"), lastUsedAtMs: setTo("now") })
    .where(and(isActive, eq(t.stepsInBudget, value("zero")), lt(t.lastStep, value("step"))))
    .returning({ id: t.id })
    .prepare();
  const countRises = or(
    lt(t.signCount, value("signCount")),
    and(eq(t.signCount, value("zero")), eq(value("signCount"), value("zero"))),
  );
  const spendSignCount = db
    .update(t)
    .set({ signCount: setTo("signCount"), backupState: setTo("backupState"), lastUsedAtMs: setTo("now") })
    .where(and(isActive, countRises))
    .returning({ id: t.id })
    .prepare();
  const suspectClone = db
    .update(t)
    .set({ cloneSuspectedAtMs: setTo("now") })
    .where(eq(t.id, value("id")))
    .prepare();
  const touch = db
    .update(t)
    .set({ lastUsedAtMs: setTo("now") })
    .where(eq(t.id, value("id")))
    .prepare();

  return {
    spendStep: async (id: string, step: number, now: number) =>
      decided(await spendStep.execute({ id, step, now, active: "active", zero: 0 })),
    spendSignCount: async (id: string, signCount: number, backupState: boolean, now: number) =>
      decided(
        await spendSignCount.execute({
          id,
          signCount,
          backupState: Number(backupState),
          now,
          active: "active",
          zero: 0,
        }),
      ),
    suspectClone: (id: string, now: number) => deferred(suspectClone, { id, now }),
    touchRecoverySet: (id: string, now: number) => deferred(touch, { id, now }),
  };
}

function managingVerbs({ db, tables: { authenticators: t } }: Engine) {
  const isOwn = and(eq(t.id, value("id")), eq(t.subjectLookup, value("lookup")), eq(t.status, value("active")));
  const rename = db
    .update(t)
    .set({ label: setTo("label") })
    .where(isOwn)
    .returning({ id: t.id })
    .prepare();
  // A revoked row keeps what the record of bound authenticators needs, and loses its secret.
  const revoked = { status: setTo("revoked"), revokedAtMs: setTo("now"), secret: null, publicKey: null };
  const revoke = db.update(t).set(revoked).where(isOwn).returning().prepare();
  const isTheirs = (status: string) => and(eq(t.subjectLookup, value("lookup")), eq(t.status, value(status)));
  const revokeAll = db.update(t).set(revoked).where(isTheirs("active")).prepare();
  const dropPending = db.delete(t).where(isTheirs("pending")).prepare();
  const dropOne = db
    .delete(t)
    .where(and(isTheirs("pending"), eq(t.id, value("id"))))
    .prepare();

  return {
    rename: async (id: string, lookup: string, label: string) =>
      decided(await rename.execute({ id, lookup, label, active: "active" })),
    revoke: async (id: string, lookup: string, now: number) =>
      toStored((await revoke.execute({ id, lookup, now, active: "active", revoked: "revoked" }))[0]),
    revokeAll: (lookup: string, now: number) =>
      deferred(revokeAll, { lookup, now, active: "active", revoked: "revoked" }),
    dropPending: (lookup: string) => deferred(dropPending, { lookup, pending: "pending" }),
    dropOnePending: (id: string, lookup: string) => deferred(dropOne, { id, lookup, pending: "pending" }),
  };
}

function resealingVerbs({ db, tables: { authenticators: t } }: Engine) {
  const isSealed = or(isNotNull(t.secret), isNotNull(t.accountName));
  const list = db
    .select({ id: t.id, secret: t.secret, accountName: t.accountName })
    .from(t)
    .where(and(gt(t.id, value("after")), isSealed))
    .orderBy(asc(t.id))
    .limit(value("limit"))
    .prepare();
  const unchanged = sql`coalesce(${t.secret}, ${value("none")}) = ${value("fromSecret")} and coalesce(${t.accountName}, ${value("none")}) = ${value("fromName")}`;
  const reseal = db
    .update(t)
    .set({ secret: setTo("secret"), accountName: setTo("accountName") })
    .where(and(eq(t.id, value("id")), unchanged))
    .returning({ id: t.id })
    .prepare();

  return {
    listSealed: async (after: string, limit: number) => list.execute({ after, limit }),
    reseal: async (
      id: string,
      from: Parameters<AuthenticatorVerbs["reseal"]>[1],
      to: Parameters<AuthenticatorVerbs["reseal"]>[2],
    ) =>
      decided(
        await reseal.execute({ id, none: "", fromSecret: from.secret ?? "", fromName: from.accountName ?? "", ...to }),
      ),
  };
}

/** Every column, with what a new row has where nobody says otherwise. */
const NEW_ROW = {
  id: "",
  realmId: "",
  subjectLookup: "",
  method: "",
  status: "",
  label: "",
  createdBy: "",
  createdAtMs: 0,
  expiresAtMs: null,
  attemptsLeft: 0,
  activatedAtMs: null,
  secret: null,
  algorithm: null,
  digits: null,
  periodSeconds: null,
  lastStep: 0,
  stepsInBudget: 0,
  webauthnChallenge: null,
  signCount: 0,
  backupEligible: 0,
  backupState: 0,
  hardwareAttested: 0,
  accountName: null,
};

function placeholders<Row extends object>(row: Row) {
  // One placeholder a column, named like it.
  return Object.fromEntries(Object.keys(row).map((name) => [name, value(name)])) as {
    [Name in keyof Row]: ReturnType<typeof value>;
  };
}

function credentialColumns(credential: NewCredential) {
  return {
    ...credential,
    backupEligible: Number(credential.backupEligible),
    backupState: Number(credential.backupState),
    hardwareAttested: Number(credential.hardwareAttested),
    transports: JSON.stringify(credential.transports),
  };
}

type Row = Engine["tables"]["authenticators"]["$inferSelect"];

function toStoredRow(row: Row): StoredAuthenticator {
  // Method and status were written from the closed unions.
  return row as StoredAuthenticator;
}

function toStored(row: Row | undefined): StoredAuthenticator | undefined {
  return row && toStoredRow(row);
}
