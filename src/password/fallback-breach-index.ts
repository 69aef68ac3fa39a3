import type { BreachIndex } from "../ports/breach-index.ts";

/**
 * Asks the second index about a password that the first could not look up. Ranges are the first one's alone: whoever
 * reads one takes what is missing from it for clear.
 */
export function createFallbackBreachIndex(first: BreachIndex, second: Pick<BreachIndex, "lookUp">): BreachIndex {
  return {
    lookUp: async (sha1Hex) => {
      const report = await first.lookUp(sha1Hex);
      return report.status === "unavailable" ? second.lookUp(sha1Hex) : report;
    },
    range: first.range,
  };
}
