import type { BreachIndex, BreachRange, BreachReport } from "../ports/breach-index.ts";
import type { Logger } from "../ports/logger.ts";
import { type Corpus, DamagedCorpusError } from "./breach-corpus/open.ts";
import { rangeLines } from "./breach-corpus/range-lines.ts";

/**
 * The breach index over a corpus on disk. What cannot be read, or is not what was written, is `unavailable` and logged
 * with the file's name. `current` is asked each time, so that a corpus can be replaced while it is in use.
 */
export function createCorpusBreachIndex(current: () => Corpus, logger: Logger): BreachIndex {
  const guarded = async <T>(work: () => Promise<T>): Promise<T | Readonly<{ status: "unavailable" }>> => {
    try {
      return await work();
    } catch (error) {
      const isDamaged = error instanceof DamagedCorpusError;
      logger.error(
        isDamaged ? "breach_corpus_altered" : "breach_corpus_unreadable",
        isDamaged ? { file: error.file } : {},
      );
      return { status: "unavailable" };
    }
  };
  return {
    lookUp: (sha1Hex) =>
      guarded<BreachReport>(async () => {
        const count = await current().countOf(Buffer.from(sha1Hex, "hex"));
        if (count === undefined) return { status: "clear" };
        return count === 0 ? { status: "found" } : { status: "found", count };
      }),
    range: (prefix) =>
      guarded<BreachRange>(async () => {
        const corpus = current();
        if (!corpus.hasTails) return { status: "unavailable" };
        const number = Number.parseInt(prefix, 16);
        const { lines, rows } = rangeLines(await corpus.bucketOfPrefix(number), number);
        return { status: "known", source: "corpus", lines, rows, version: corpus.buildId.slice(0, 16) };
      }),
  };
}
