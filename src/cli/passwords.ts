import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type BuildProgress, buildCorpus } from "../runtime/breach-corpus/build.ts";
import { DamagedCorpusError, openCorpus } from "../runtime/breach-corpus/open.ts";
import { openSource } from "../runtime/breach-corpus/source.ts";
import { corpusPath } from "../runtime/open-breaches.ts";
import { readConfig } from "../runtime/read-config.ts";
import { type Command, EXIT, JSON_OPTION, neededText, RefusedError, textOf } from "./command.ts";
import { createMeter } from "./meter.ts";

/** Makes the corpus that breached passwords are looked up in, without any connection to the outside. */
export const build: Command = {
  usage: "passwords build --from <file or folder> [--to <file>] [--look-ups-only] [--allow-incomplete] [--json]",
  description:
    "Makes the breach corpus out of a Pwned Passwords download: a folder of range files, or one list of SHA-1 hashes in their order. Can be stopped; running it again goes on. A running service takes the new corpus over within half a minute.",
  options: {
    from: { type: "string", help: "range files (21BD1.txt, …) in a folder, or a sorted list (<SHA-1>:<count>)" },
    to: { type: "string", help: "where the corpus is made; breaches.corpus in the data folder when not given" },
    "look-ups-only": { type: "boolean", help: "7 bytes a hash instead of 19: no ranges are served" },
    "allow-incomplete": { type: "boolean", help: "take a folder that lacks ranges: their passwords will seem clear" },
    json: JSON_OPTION,
  },
  positionals: 0,
  run: async ({ values, env, print }) => {
    const source = openSource(neededText(values, "from"));
    if (source.missing > 0 && values["allow-incomplete"] !== true)
      throw new RefusedError(
        `${source.missing} of 1048576 ranges are missing. Passwords in them would seem clear; --allow-incomplete makes the corpus anyway.`,
      );
    const path = textOf(values, "to") ?? corpusPath(readConfig(env));
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const meter = createMeter(process.stderr);
    const stop = stopOnSignal();
    const hasTails = values["look-ups-only"] !== true;
    const onProgress = (progress: BuildProgress) => meter.show(progress);
    const result = await buildCorpus({ source, path, hasTails, nowMs: Date.now(), onProgress, signal: stop.signal });
    stop.end();
    meter.end();
    if (result === "stopped") throw new RefusedError("Stopped. Running the same command again goes on from here.");
    const { hashes, bytes, tailBytes } = result;
    if (values.json === true)
      print(JSON.stringify({ hashes, bytes, tail_bytes: tailBytes, resumed: result.isResumed }));
    else print(`${path}: ${hashes} hashes, ${(bytes / hashes).toFixed(2)} bytes each${tailText(tailBytes, hashes)}.`);
    return EXIT.ok;
  },
};

/** Reads all of a corpus. */
export const check: Command = {
  usage: "passwords check [--corpus <file>] [--json]",
  description: "Reads the breach corpus through and compares every checksum. Exits with 1 when something is altered.",
  options: { corpus: { type: "string", help: "the corpus; that of the service when not given" }, json: JSON_OPTION },
  positionals: 0,
  run: async ({ values, env, print }) => {
    const path = textOf(values, "corpus") ?? corpusPath(readConfig(env));
    const corpus = await openCorpus(path);
    try {
      await corpus.verify();
    } catch (error) {
      if (error instanceof DamagedCorpusError) throw new RefusedError(error.message);
      throw error;
    } finally {
      await corpus.close();
    }
    const { hashes, hasTails, builtAtMs } = corpus;
    const builtAt = new Date(builtAtMs).toISOString();
    if (values.json === true) print(JSON.stringify({ hashes, whole: hasTails, built_at: builtAt }));
    else print(`${path}: ${hashes} hashes of ${builtAt}, ${hasTails ? "whole" : "for look-ups only"}, all as written.`);
    return EXIT.ok;
  },
};

function tailText(tailBytes: number, hashes: number): string {
  return tailBytes === 0 ? "" : `, and ${(tailBytes / hashes).toFixed(2)} in its tails`;
}

function stopOnSignal() {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const end = () => process.off("SIGINT", stop).off("SIGTERM", stop);
  return { signal: controller.signal, end };
}
