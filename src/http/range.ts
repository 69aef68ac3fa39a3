import type { Hono } from "hono";
import { toUtf8 } from "../domain/encoding.ts";
import { paddingLines } from "../password/range-padding.ts";
import type { BreachRange } from "../ports/breach-index.ts";
import type { Deps } from "../ports/deps.ts";
import { wantedEncoding } from "./content-encoding.ts";
import type { Env } from "./env.ts";
import { problemResponse } from "./problem.ts";

const PREFIX = /^[0-9a-f]{5}$/i;

/** A month for a corpus, which grows about as often; minutes for the bundled list, which a corpus may replace. */
const CACHE_CONTROL = {
  corpus: "public, max-age=2678400, immutable",
  upstream: "public, max-age=86400, immutable",
  bundled: "public, max-age=300",
} as const;

/** Any page may ask: the answer says nothing about anybody. */
const OPEN_TO_ALL = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "countersign-breach-source, etag",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

/** `GET /range/{prefix}`: the range protocol of Pwned Passwords over our own breach index. */
export function mountRange(app: Hono<Env>, deps: Deps): void {
  app.get("/range/:prefix", async (c) => {
    const prefix = c.req.param("prefix");
    const refused = whatIsWrong(prefix, c.req.query("mode"));
    const requestId = c.get("requestId");
    if (refused !== undefined) return open(problemResponse({ code: "invalid_request", detail: refused }, requestId));
    const range = await deps.breaches.range(prefix.toUpperCase());
    if (range.status === "unavailable")
      return open(problemResponse({ code: "unavailable", retryAfterSeconds: 30 }, requestId));
    return answer(deps, { range, prefix: prefix.toUpperCase(), headers: c.req.raw.headers });
  });
  app.options("/range/:prefix", () => new Response(null, { status: 204, headers: PREFLIGHT }));
  app.all("/range/:prefix", (c) => problemResponse({ code: "method_not_allowed" }, c.get("requestId")));
}

const PREFLIGHT = {
  ...OPEN_TO_ALL,
  "access-control-allow-methods": "GET",
  "access-control-allow-headers": "add-padding",
  "access-control-max-age": "86400",
};

function whatIsWrong(prefix: string, mode: string | undefined): string | undefined {
  if (!PREFIX.test(prefix)) return "The range is named by the first five hexadecimal digits of a SHA-1 hash.";
  if (mode !== undefined && mode !== "sha1") return "Only SHA-1 hashes are served.";
  return undefined;
}

type Question = Readonly<{ range: Extract<BreachRange, { status: "known" }>; prefix: string; headers: Headers }>;

async function answer({ compress }: Deps, { range, prefix, headers }: Question): Promise<Response> {
  const isPadded = headers.get("add-padding")?.toLowerCase() === "true";
  const encoding = compress ? wantedEncoding(headers.get("accept-encoding")) : undefined;
  const etag = `"${range.version}-${prefix}${isPadded ? "-padded" : ""}${encoding === undefined ? "" : `-${encoding}`}"`;
  const common = {
    ...OPEN_TO_ALL,
    "cache-control": CACHE_CONTROL[range.source],
    "countersign-breach-source": range.source,
    etag,
    vary: "accept-encoding, add-padding",
  };
  if (isKnown(headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers: common });
  const text = isPadded ? padded(range, prefix) : range.lines;
  const body = encoding && compress ? await compress(encoding, text, "fast") : text;
  return new Response(body, {
    headers: {
      ...common,
      "content-type": "text/plain; charset=utf-8",
      "content-length": String(body.byteLength),
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    },
  });
}

function padded({ lines, rows, version }: Question["range"], prefix: string): Uint8Array<ArrayBuffer> {
  const padding = paddingLines(rows, `${version} ${prefix}`);
  if (padding === "") return lines;
  const added = toUtf8(rows === 0 ? padding : `\r\n${padding}`);
  const all = new Uint8Array(lines.length + added.length);
  all.set(lines);
  all.set(added, lines.length);
  return all;
}

function isKnown(header: string | null, etag: string): boolean {
  return (header ?? "").split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}

function open(response: Response): Response {
  for (const [name, value] of Object.entries(OPEN_TO_ALL)) response.headers.set(name, value);
  return response;
}
