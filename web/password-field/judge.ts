import { DEFAULT_POLICY } from "../../src/domain/realm.ts";
import { assessPassword, type PasswordAssessment, type PasswordUse } from "../../src/password/assess.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import { createUpstreamBreachIndex } from "../../src/password/upstream-breach-index.ts";
import type { BreachIndex } from "../../src/ports/breach-index.ts";
import type { PasswordLanguage } from "../../src/ports/password-estimator.ts";

export type Question = Readonly<{
  password: string;
  context: readonly string[];
  use: PasswordUse;
  language: PasswordLanguage;
  /** The shortest password, where the page asks for more than the default. */
  minLength: number | undefined;
  /** Whether to ask the service about breaches: five digits of the hash leave the page. */
  asksBreaches: boolean;
}>;

/** The same judgement as the service's own, made in the page. */
export type Judge = (question: Question) => Promise<PasswordAssessment>;

const silent = () => {};
const NOT_ASKED: Pick<BreachIndex, "lookUp"> = { lookUp: async () => ({ status: "unavailable" }) };

/** `rangeUrl` is where ranges are asked for, up to the prefix. Dictionaries are loaded with the first question. */
export function createJudge(rangeUrl: string): Judge {
  const estimator = createInProcessEstimator();
  const asked = createUpstreamBreachIndex(
    {
      fetch: (url, init) => fetch(url, { ...init, credentials: "omit", referrerPolicy: "no-referrer" }),
      clock: { now: Date.now },
      logger: { info: silent, warn: silent, error: silent },
    },
    rangeUrl,
  );
  return ({ asksBreaches, minLength, ...question }) => {
    const { password: policy } = DEFAULT_POLICY;
    const minLengths = {
      minLengthSingleFactor: Math.max(policy.minLengthSingleFactor, minLength ?? 0),
      minLengthWithSecondFactor: Math.max(policy.minLengthWithSecondFactor, minLength ?? 0),
    };
    const deps = { estimator, breaches: asksBreaches ? asked : NOT_ASKED };
    return assessPassword(deps, { ...question, policy: { ...policy, ...minLengths } });
  };
}
