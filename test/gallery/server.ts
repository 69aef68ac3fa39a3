import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { accentCss } from "../../src/http/pages/brand.ts";
import type { PageModel } from "../../src/http/pages/models.ts";
import { adminEn } from "../../web/i18n/admin-en.ts";
import type { Locale } from "../../web/i18n/catalogue.ts";
import { en } from "../../web/i18n/en.ts";
import { pseudoLocale } from "../../web/i18n/pseudo.ts";
import { type Fixture, fixtures } from "./fixtures.ts";

const DIST = join(import.meta.dirname, "../../web/dist");

/** The policy that the pages must live under. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** What the branded view of the fixtures names. */
const BRAND_FILES: Readonly<Record<string, Readonly<{ type: string; body: string }>>> = {
  "/brand/gallery/1/logo": {
    type: "image/svg+xml",
    body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#7a1f5c"/><path d="M9 20c5 0 7-3 7-10 0 7 2 10 7 10-5 0-7 1-7 4 0-3-2-4-7-4z" fill="#fff"/></svg>',
  },
  "/brand/gallery/1/accent.css": { type: "text/css; charset=utf-8", body: accentCss("#7a1f5c") },
};

type Render = (model: PageModel) => string;
type CreateRenderer = (manifest: unknown, options?: Readonly<{ locale?: Locale }>) => Render;

/** What a test makes the server answer to the next post. */
type Reply = Readonly<{ status?: number; body: unknown }>;

export type Gallery = Readonly<{
  origin: string;
  fixtures: readonly Fixture[];
  /** Bodies of the posts so far, with their paths. */
  posts: readonly Readonly<{ path: string; accept: string; fields: URLSearchParams }>[];
  /** Answers to the following posts, in order. */
  replies: Reply[];
  close: () => Promise<void>;
}>;

/** The renderer and the manifest of the last build. Fails when nothing is built: run `npm run build` first. */
export async function loadRenderer(): Promise<Readonly<{ createRenderer: CreateRenderer; manifest: unknown }>> {
  const manifest: unknown = JSON.parse(readFileSync(join(DIST, "client/.vite/manifest.json"), "utf8"));
  const { createRenderer }: { createRenderer: CreateRenderer } = await import(join(DIST, "server/render.js"));
  return { createRenderer, manifest };
}

/**
 * Serves every view: `/en/NAME`, `/de/NAME`, and without script in made-up locales `/long/NAME`, `/rtl/NAME`; `/` lists
 * them. Posts are answered from `replies`.
 */
export async function startGallery(port = 0): Promise<Gallery> {
  const pages = await renderAll();
  const gallery = { fixtures: fixtures("en"), posts: [] as Gallery["posts"][number][], replies: [] as Reply[] };
  const server = createServer((request, response) => {
    if (request.method === "POST") void answerPost(request, response, gallery);
    else answerGet(request, response, pages);
  });
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
  return { ...gallery, origin: `http://localhost:${portOf(server)}`, close: () => closeServer(server) };
}

async function renderAll(): Promise<ReadonlyMap<string, string>> {
  const { createRenderer, manifest } = await loadRenderer();
  const render = createRenderer(manifest);
  const english = { ...en, ...adminEn };
  const long = createRenderer(manifest, { locale: pseudoLocale(english, "ltr") });
  const rtl = createRenderer(manifest, { locale: pseudoLocale(english, "rtl") });
  const pages = new Map<string, string>();
  for (const { name, model } of fixtures("en")) {
    pages.set(`/en/${name}`, render(model));
    pages.set(`/long/${name}`, long(model));
    pages.set(`/rtl/${name}`, rtl(model));
  }
  for (const lang of ["de", "fr", "es", "ar"] as const) {
    for (const { name, model } of fixtures(lang)) pages.set(`/${lang}/${name}`, render(model));
  }
  return pages;
}

function answerGet(request: IncomingMessage, response: ServerResponse, pages: ReadonlyMap<string, string>): void {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path.startsWith("/assets/")) {
    sendAsset(path, response);
    return;
  }
  const brand = BRAND_FILES[path];
  if (brand !== undefined) {
    response.writeHead(200, { "content-type": brand.type }).end(brand.body);
    return;
  }
  const page = path === "/" ? index(pages) : pages.get(path);
  response.writeHead(page === undefined ? 404 : 200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": "no-store",
  });
  response.end(page ?? "not in the gallery");
}

function sendAsset(path: string, response: ServerResponse): void {
  const name = path.slice("/assets/".length);
  const type = TYPES[extname(name)];
  if (type === undefined || !/^[\w.-]+$/.test(name)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": type }).end(readFileSync(join(DIST, "client/assets", name)));
}

async function answerPost(
  request: IncomingMessage,
  response: ServerResponse,
  { posts, replies }: Readonly<{ posts: Gallery["posts"][number][]; replies: Reply[] }>,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const fields = new URLSearchParams(Buffer.concat(parts).toString("utf8"));
  posts.push({ path: request.url ?? "/", accept: request.headers.accept ?? "", fields });
  const reply = replies.shift();
  response.writeHead(reply?.status ?? (reply ? 200 : 500), { "content-type": "application/json" });
  response.end(JSON.stringify(reply?.body ?? {}));
}

function index(pages: ReadonlyMap<string, string>): string {
  return `<!doctype html><title>Gallery</title><ul>${[...pages.keys()].map((path) => `<li><a href="${path}">${path}</a>`).join("")}</ul>`;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gallery has no port");
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
