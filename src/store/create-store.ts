import type { Store } from "../ports/store.ts";
import { administratorVerbs } from "./administrators.ts";
import { apiKeyVerbs } from "./api-keys.ts";
import { auditVerbs } from "./audit-events.ts";
import { authenticatorVerbs } from "./authenticators.ts";
import { challengeVerbs } from "./challenges.ts";
import { deviceVerbs } from "./devices.ts";
import type { Engine, PreparedWrite } from "./engine.ts";
import { grantVerbs } from "./grants.ts";
import { guessBudgetVerbs } from "./guess-budgets.ts";
import { idempotencyVerbs } from "./idempotency-keys.ts";
import { realmBudgetVerbs } from "./realm-budgets.ts";
import { realmVerbs } from "./realms.ts";
import { recoveryCodeVerbs } from "./recovery-codes.ts";
import { relyingPartyVerbs } from "./relying-parties.ts";
import { sessionVerbs } from "./sessions.ts";
import { sightVerbs } from "./sights.ts";
import { sourceVerbs } from "./source-limits.ts";
import { subjectVerbs } from "./subjects.ts";
import { systemKeyVerbs } from "./system-keys.ts";
import { turnVerbs } from "./turns.ts";
import { unknownTallyVerbs } from "./unknown-tallies.ts";
import { usedTokenVerbs } from "./used-tokens.ts";

/** The store over an engine: every statement is prepared once, here. */
export function createStore(engine: Engine): Store {
  return {
    // `Write` is the opaque face of what `deferred` made.
    atomically: (writes) => engine.atomically(writes as unknown as readonly PreparedWrite[]),
    committed: engine.committed,
    close: engine.close,
    isOutage: engine.isOutage,
    incarnation: engine.incarnation ?? (() => 0),
    realms: realmVerbs(engine),
    relyingParties: relyingPartyVerbs(engine),
    apiKeys: apiKeyVerbs(engine),
    subjects: subjectVerbs(engine),
    authenticators: authenticatorVerbs(engine),
    recoveryCodes: recoveryCodeVerbs(engine),
    challenges: challengeVerbs(engine),
    guessBudgets: guessBudgetVerbs(engine),
    realmBudgets: realmBudgetVerbs(engine),
    sources: sourceVerbs(engine),
    sights: sightVerbs(engine),
    unknownTallies: unknownTallyVerbs(engine),
    devices: deviceVerbs(engine),
    grants: grantVerbs(engine),
    usedTokens: usedTokenVerbs(engine),
    sessions: sessionVerbs(engine),
    administrators: administratorVerbs(engine),
    audit: auditVerbs(engine),
    idempotency: idempotencyVerbs(engine),
    systemKeys: systemKeyVerbs(engine),
    turns: turnVerbs(engine),
  };
}
