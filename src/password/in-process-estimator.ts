import { type PasswordEstimator, PasswordEstimatorError } from "../ports/password-estimator.ts";
import { type Estimate, loadEstimator } from "./estimator.ts";

/**
 * A password estimator in the caller's own thread, for runtimes without threads. Loads the dictionaries at the first
 * call, and again at the next one when that failed.
 */
export function createInProcessEstimator(): PasswordEstimator {
  let loading: Promise<Estimate> | undefined;
  return {
    estimate: async (input) => {
      loading ??= loadEstimator();
      try {
        return await (await loading)(input);
      } catch {
        loading = undefined;
        throw new PasswordEstimatorError("broken");
      }
    },
  };
}
