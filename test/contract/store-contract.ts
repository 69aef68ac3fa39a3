import { afterAll, beforeAll, describe } from "vitest";
import type { Store } from "../../src/ports/store.ts";
import { describeAdministrators } from "./verbs/administrators.ts";
import { describeApiKeys } from "./verbs/api-keys.ts";
import { describeAtomically } from "./verbs/atomically.ts";
import { describeAudit } from "./verbs/audit.ts";
import { describeAuthenticators } from "./verbs/authenticators.ts";
import { describeChallenges } from "./verbs/challenges.ts";
import { describeDevices } from "./verbs/devices.ts";
import { describeEnrolment } from "./verbs/enrolment.ts";
import { describeGrants } from "./verbs/grants.ts";
import { describeGuessBudgetModel } from "./verbs/guess-budget-model.ts";
import { describeGuessBudgets } from "./verbs/guess-budgets.ts";
import { describeIdempotency } from "./verbs/idempotency.ts";
import { describeNeighbours } from "./verbs/neighbours.ts";
import { describeProofs } from "./verbs/proofs.ts";
import { describePurgedBudgets } from "./verbs/purged-budgets.ts";
import { describeRealmBudgets } from "./verbs/realm-budgets.ts";
import { describeRealms } from "./verbs/realms.ts";
import { describeRecoveryCodes } from "./verbs/recovery-codes.ts";
import { describeRelyingParties } from "./verbs/relying-parties.ts";
import { describeRememberedCodes } from "./verbs/remembered-codes.ts";
import { describeResealing } from "./verbs/resealing.ts";
import { describeScanAlarm } from "./verbs/scan-alarm.ts";
import { describeSessions } from "./verbs/sessions.ts";
import { describeSourceLimits } from "./verbs/source-limits.ts";
import { describeSubjectEvents } from "./verbs/subject-events.ts";
import { describeSubjects } from "./verbs/subjects.ts";
import { describeSystemKeys } from "./verbs/system-keys.ts";
import { describeTurns } from "./verbs/turns.ts";
import { describeUsedTokens } from "./verbs/used-tokens.ts";

/** A store over an empty, migrated database, and how to be rid of both. */
export type OpenedStore = Readonly<{ store: Store; close: () => Promise<void> }>;

/**
 * What every engine has to guarantee. `open` is called once and has to bring an empty database; tests share it and use
 * rows of their own. Nothing here needs a runtime's modules, so the suite also runs inside a Worker.
 */
export function describeStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`the store on ${name}`, () => {
    let opened: OpenedStore | undefined;
    const store = () => {
      if (!opened) throw new Error("the store is used before it is open");
      return opened.store;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => opened?.close());

    for (const describeVerbs of GROUPS) describeVerbs(store);
  });
}

const GROUPS = [
  describeAtomically,
  describeRealms,
  describeRelyingParties,
  describeApiKeys,
  describeSubjects,
  describeEnrolment,
  describeAuthenticators,
  describeResealing,
  describeRecoveryCodes,
  describeChallenges,
  describeProofs,
  describeGuessBudgets,
  describeGuessBudgetModel,
  describeRememberedCodes,
  describePurgedBudgets,
  describeSourceLimits,
  describeScanAlarm,
  describeRealmBudgets,
  describeDevices,
  describeGrants,
  describeUsedTokens,
  describeSessions,
  describeAdministrators,
  describeAudit,
  describeSubjectEvents,
  describeIdempotency,
  describeSystemKeys,
  describeTurns,
  describeNeighbours,
];
