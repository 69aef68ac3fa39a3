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

export type OpenBreaches = Readonly<{
  index: BreachIndex;
  /** Takes over a corpus that has replaced the one in use; happens by itself every half minute. */
  refresh: () => Promise<void>;
  close: () => Promise<void>;
}>;

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
    return { index, refresh: held.refresh, close: held.close };
  }
  const nothing = async () => {};
  if (config.breachUrl === undefined) return { index: bundled, refresh: nothing, close: nothing };
  const upstream = createUpstreamBreachIndex({ ...deps, fetch, userAgent: "countersign" }, config.breachUrl);
  return { index: createFallbackBreachIndex(upstream, bundled), refresh: nothing, close: nothing };
}

/** Keeps a corpus open, and takes over the one that replaces it; one that cannot be used is logged, not taken. */
async function holdCorpus(path: string, logger: Logger) {
  let seen = identityOf(path);
  let corpus: Corpus = await openCorpus(path);
  /** Replaced, and perhaps still read from: closed the next time. */
  let retired: Corpus | undefined;
  let work = Promise.resolve();
  const look = async () => {
    await retired?.close();
    retired = undefined;
    const now = identityOf(path);
    if (now === undefined || now === seen) return;
    seen = now;
    try {
      const next = await openCorpus(path);
      [retired, corpus] = [corpus, next];
      logger.info("breach_corpus_replaced", { hashes: corpus.hashes });
    } catch {
      logger.error("breach_corpus_refused");
    }
  };
  const refresh = () => {
    work = work.then(look);
    return work;
  };
  const timer = setInterval(refresh, LOOK_MS).unref();
  const close = async () => {
    clearInterval(timer);
    await work;
    await Promise.all([corpus.close(), retired?.close()]);
  };
  return { current: () => corpus, refresh, close };
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
