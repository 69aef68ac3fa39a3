import manifest from "#web/manifest";
import { createRenderer } from "#web/render";
import type { PageSurface } from "../http/pages/surface.ts";
import { assetHeaders } from "./asset-headers.ts";

/** Workers' assets: the files of `web/dist/client/assets`, at the root. */
export type AssetFiles = Readonly<{ fetch: (url: string) => Promise<Response> }>;

/** The web UI's build: its renderer is part of the bundle, its scripts and styles are the platform's to keep. */
export function openWorkerPages(files: AssetFiles): PageSurface {
  return {
    render: createRenderer(manifest),
    asset: async (path) => {
      const name = path.slice("/assets/".length);
      const headers = assetHeaders(name);
      if (headers === undefined || name.includes("/")) return undefined;
      const found = await files.fetch(`https://assets/${name}`);
      return found.status === 200 ? new Response(found.body, { headers }) : undefined;
    },
  };
}
