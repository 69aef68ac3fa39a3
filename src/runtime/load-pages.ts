import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PageModel } from "../http/pages/models.ts";
import type { PageSurface } from "../http/pages/surface.ts";

/** Where the build of the web UI is, seen from this file. */
const DIST = resolve(import.meta.dirname, "../../web/dist");

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

type RenderModule = Readonly<{ createRenderer: (manifest: unknown) => (model: PageModel) => string }>;
type Asset = Readonly<{ body: Uint8Array<ArrayBuffer>; headers: Record<string, string> }>;

/** Whether the web UI has been built. */
export function hasPages(dist = DIST): boolean {
  return existsSync(join(dist, "client/.vite/manifest.json")) && existsSync(join(dist, "server/render.js"));
}

/** The web UI's build, all in memory; undefined when it has not been built. Throws when its parts do not fit together. */
export async function loadPages(dist = DIST): Promise<PageSurface | undefined> {
  if (!hasPages(dist)) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(join(dist, "client/.vite/manifest.json"), "utf8"));
  // Our own build: its shape is that of web/server/render.tsx.
  const { createRenderer } = (await import(pathToFileURL(join(dist, "server/render.js")).href)) as RenderModule;
  const assets = readAssets(join(dist, "client/assets"));
  return {
    render: createRenderer(manifest),
    asset: (path) => {
      const found = assets.get(path);
      return found && new Response(found.body, { headers: found.headers });
    },
  };
}

/** Their names hold a hash of their contents, so they may be kept for ever. Files of other types are not served. */
function readAssets(folder: string): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder)) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) continue;
    const headers = {
      "content-type": contentType,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    };
    assets.set(`/assets/${name}`, { body: new Uint8Array(readFileSync(join(folder, name))), headers });
  }
  return assets;
}
