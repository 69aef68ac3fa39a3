import { toUtf8 } from "../domain/encoding.ts";
import type { BreachIndex } from "../ports/breach-index.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";

export type UpstreamDeps = Readonly<{
  fetch: typeof fetch;
  clock: Clock;
  logger: Logger;
  /** Who asks, which public services want to know; browsers say so themselves. */
  userAgent?: string;
}>;

const TIMEOUT_MS = 2_000;
/** Ranges kept, the least recently used given up first: some 40 kB each. */
const MAX_CACHED = 256;
const CACHED_MS = 24 * 60 * 60 * 1000;
/** After so many failures in a row nothing is asked for a while; then one request tries. */
const FAILURES_TO_OPEN = 3;
const OPEN_MS = 30_000;
const MAX_BODY_BYTES = 1 << 20;

/**
 * A breach index that asks another service of the range protocol. It learns five digits of the hash and asks for
 * padding, so that neither the question nor the answer's length tells which password is meant. Whatever is not a
 * well-formed answer within 2 s is `unavailable`, never `clear`.
 */
export function createUpstreamBreachIndex(deps: UpstreamDeps, url: string): BreachIndex {
  const cache = createCache(deps.clock);
  const breaker = createBreaker(deps);
  const pending = new Map<string, Promise<Answer | undefined>>();
  const ask = async (prefix: string): Promise<Answer | undefined> => {
    if (!breaker.isClosed()) return undefined;
    const answer = await fetchRows(deps, `${url}${prefix}`).catch(() => undefined);
    breaker.note(answer !== undefined);
    if (answer) cache.put(prefix, answer);
    return answer;
  };
  const answerTo = (prefix: string): Promise<Answer | undefined> => {
    const known = cache.get(prefix);
    if (known) return Promise.resolve(known);
    const asked = pending.get(prefix) ?? ask(prefix).finally(() => pending.delete(prefix));
    pending.set(prefix, asked);
    return asked;
  };
  return {
    lookUp: async (sha1Hex) => {
      const answer = await answerTo(sha1Hex.slice(0, 5));
      if (!answer) return { status: "unavailable" };
      const count = answer.rows.get(sha1Hex.slice(5));
      if (count !== undefined) return { status: "found", count };
      return { status: answer.isWhole ? "clear" : "unavailable" };
    },
    range: async (prefix) => {
      const answer = await answerTo(prefix);
      if (!answer?.isWhole) return { status: "unavailable" };
      const { rows } = answer;
      const text = [...rows].map(([suffix, count]) => `${suffix}:${count}`).join("\r\n");
      return { status: "known", source: "upstream", lines: toUtf8(text), rows: rows.size, version: versionOf(text) };
    },
  };
}

/** Counts by suffix; padding left out. */
type Rows = ReadonlyMap<string, number>;

/** Not whole: a short list of ours, where what is missing is not clear. */
type Answer = Readonly<{ rows: Rows; isWhole: boolean }>;

/** The rows of an answer; undefined, or a rejection, when it is not one. */
async function fetchRows({ fetch, userAgent }: UpstreamDeps, url: string): Promise<Answer | undefined> {
  const response = await fetch(url, {
    headers: { "add-padding": "true", ...(userAgent === undefined ? {} : { "user-agent": userAgent }) },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await readText(response);
  const rows = response.status === 200 && text !== undefined ? parseRows(text) : undefined;
  return rows && { rows, isWhole: response.headers.get("countersign-breach-source") !== "bundled" };
}

/** The body, unless it is longer than any range. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(decoder.decode(chunk, { stream: true }));
  }
  return chunks.join("");
}

const ROW = /^([0-9A-F]{35}):(\d{1,10})$/i;

/** Padding was asked for, so that an answer without any row is none. A suffix of another length is not a row. */
function parseRows(text: string): Rows | undefined {
  const rows = new Map<string, number>();
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  for (const line of lines) {
    const [, suffix, count] = ROW.exec(line) ?? [];
    if (suffix === undefined) return undefined;
    if (Number(count) > 0) rows.set(suffix.toUpperCase(), Number(count));
  }
  return lines.length === 0 ? undefined : rows;
}

/** FNV-1a over the text: two ranges differ in it but for chance, which is all that a cache needs. */
function versionOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return `upstream-${(hash >>> 0).toString(16)}`;
}

function createCache(clock: Clock) {
  const kept = new Map<string, Readonly<{ answer: Answer; untilMs: number }>>();
  return {
    get: (prefix: string): Answer | undefined => {
      const found = kept.get(prefix);
      if (!found) return undefined;
      kept.delete(prefix);
      if (found.untilMs <= clock.now()) return undefined;
      kept.set(prefix, found);
      return found.answer;
    },
    put: (prefix: string, answer: Answer): void => {
      kept.set(prefix, { answer, untilMs: clock.now() + CACHED_MS });
      const [oldest] = kept.keys();
      if (kept.size > MAX_CACHED && oldest !== undefined) kept.delete(oldest);
    },
  };
}

/** Closed: requests go through. Open: none for a while, then one that decides. */
function createBreaker({ clock, logger }: UpstreamDeps) {
  let failures = 0;
  let nextTryMs = 0;
  return {
    isClosed: (): boolean => {
      if (failures < FAILURES_TO_OPEN) return true;
      if (clock.now() < nextTryMs) return false;
      nextTryMs = clock.now() + OPEN_MS;
      return true;
    },
    note: (isGood: boolean): void => {
      if (isGood && failures > 0) logger.info("breach_check_available");
      if (!isGood && (failures === 0 || failures + 1 === FAILURES_TO_OPEN)) logger.warn("breach_check_unavailable");
      failures = isGood ? 0 : failures + 1;
      if (failures >= FAILURES_TO_OPEN) nextTryMs = clock.now() + OPEN_MS;
    },
  };
}
