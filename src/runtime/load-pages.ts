import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PageModel } from "../http/pages/models.ts";
import type { PageSurface } from "../http/pages/surface.ts";
import { assetHeaders } from "./asset-headers.ts";

/** Where the build of the web UI is, seen from this file. */
const DIST = resolve(import.meta.dirname, "../../web/dist");

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

/** Files of types that are not served stay out. */
function readAssets(folder: string): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder)) {
    const headers = assetHeaders(name);
    if (headers !== undefined) {
      assets.set(`/assets/${name}`, { body: new Uint8Array(readFileSync(join(folder, name))), headers });
    }
  }
  return assets;
}
