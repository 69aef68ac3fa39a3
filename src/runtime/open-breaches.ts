import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { createBundledBreachIndex } from "../password/bundled-breach-index.ts";
import { createFallbackBreachIndex } from "../password/fallback-breach-index.ts";
import { createUpstreamBreachIndex } from "../password/upstream-breach-index.ts";
import type { BreachIndex } from "../ports/breach-index.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import { type Corpus, openCorpus } from "./breach-corpus/open.ts";
import { createCorpusBreachIndex } from "./corpus-breach-index.ts";

/** How often it is looked whether the corpus was replaced. */
const LOOK_MS = 30_000;

export type OpenBreaches = Readonly<{ index: BreachIndex; close: () => Promise<void> }>;

/** Where the corpus is, or would be. */
export function corpusPath({ breachCorpus, dataDir }: Pick<Config, "breachCorpus" | "dataDir">): string {
  return breachCorpus ?? join(dataDir, "breaches.corpus");
}

/**
 * The breach index as configured: a corpus, another service, or the bundled list, which the other two fall back on.
 * Throws ConfigError when a corpus is there and cannot be used.
 */
export async function openBreaches(
  config: Pick<Config, "breachCorpus" | "breachUrl" | "dataDir">,
  deps: Readonly<{ clock: Clock; logger: Logger }>,
): Promise<OpenBreaches> {
  const bundled = createBundledBreachIndex();
  const path = corpusPath(config);
  if (config.breachCorpus !== undefined || existsSync(path)) {
    const held = await holdCorpus(path, deps.logger);
    const index = createFallbackBreachIndex(createCorpusBreachIndex(held.current, deps.logger), bundled);
    return { index, close: held.close };
  }
  const nothing = async () => {};
  if (config.breachUrl === undefined) return { index: bundled, close: nothing };
  const upstream = createUpstreamBreachIndex({ ...deps, fetch, userAgent: "countersign" }, config.breachUrl);
  return { index: createFallbackBreachIndex(upstream, bundled), close: nothing };
}

/** Keeps a corpus open, and takes over the one that replaces it; one that cannot be used is logged, not taken. */
async function holdCorpus(path: string, logger: Logger) {
  let corpus: Corpus = await openCorpus(path);
  let seen = identityOf(path);
  let work = Promise.resolve();
  const look = async () => {
    const now = identityOf(path);
    if (now === undefined || now === seen) return;
    seen = now;
    try {
      const old = corpus;
      corpus = await openCorpus(path);
      await old.close();
      logger.info("breach_corpus_replaced", { hashes: corpus.hashes });
    } catch {
      logger.error("breach_corpus_refused");
    }
  };
  const timer = setInterval(() => {
    work = work.then(look);
  }, LOOK_MS).unref();
  const close = async () => {
    clearInterval(timer);
    await work;
    await corpus.close();
  };
  return { current: () => corpus, close };
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
