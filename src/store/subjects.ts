import { and, eq, inArray, sql } from "drizzle-orm";
import type { SubjectVerbs } from "../ports/store.ts";
import { deferred, type Engine, value } from "./engine.ts";
import { codesBudgetId } from "./guess-budgets.ts";
import { STAND_IN } from "./stand-ins.ts";

/**
 * Subjects, known only by the keyed hash of their reference. Erasing one keeps its guess budgets: deletion must not hand
 * out fresh guesses, and they hold no more than a keyed hash. Which authenticator's codes they remember goes.
 */
export function subjectVerbs({ db, tables }: Engine): SubjectVerbs {
  const { subjects: t, authenticators, recoveryCodes, challenges, devices, grants, guessBudgets, sessions } = tables;
  const ensure = db
    .insert(t)
    .values({
      lookup: value("lookup"),
      realmId: value("realmId"),
      userHandle: value("userHandle"),
      createdAtMs: value("createdAtMs"),
    })
    .onConflictDoNothing()
    .prepare();
  const isAsked = eq(t.lookup, value("lookup"));
  const find = db
    .select()
    .from(t)
    .where(eq(t.lookup, sql`coalesce((select ${t.lookup} from ${t} where ${isAsked}), ${value("standIn")})`))
    .prepare();
  const findByHandle = db
    .select()
    .from(t)
    .where(and(eq(t.realmId, value("realmId")), eq(t.userHandle, value("userHandle"))))
    .prepare();
  const theirSets = db
    .select({ id: authenticators.id })
    .from(authenticators)
    .where(eq(authenticators.subjectLookup, value("lookup")));
  const erasures = [
    db.delete(recoveryCodes).where(inArray(recoveryCodes.authenticatorId, theirSets)).prepare(),
    db
      .delete(authenticators)
      .where(eq(authenticators.subjectLookup, value("lookup")))
      .prepare(),
    db
      .update(guessBudgets)
      .set({ codesOf: null, lastUsedAtMs: null })
      .where(eq(guessBudgets.id, value("codesId")))
      .prepare(),
    db
      .delete(challenges)
      .where(eq(challenges.subjectLookup, value("lookup")))
      .prepare(),
    db
      .delete(devices)
      .where(eq(devices.subjectLookup, value("lookup")))
      .prepare(),
    db
      .delete(grants)
      .where(eq(grants.subjectLookup, value("lookup")))
      .prepare(),
    db
      .delete(sessions)
      .where(eq(sessions.subjectLookup, value("lookup")))
      .prepare(),
    db
      .delete(t)
      .where(eq(t.lookup, value("lookup")))
      .prepare(),
  ];

  return {
    ensure: (subject) => deferred(ensure, subject),
    find: async (lookup) => (await find.execute({ lookup, standIn: STAND_IN })).find((one) => one.lookup === lookup),
    findByUserHandle: async (realmId, userHandle) => (await findByHandle.execute({ realmId, userHandle }))[0],
    erase: (lookup) => erasures.map((erasure) => deferred(erasure, { lookup, codesId: codesBudgetId(lookup) })),
  };
}
