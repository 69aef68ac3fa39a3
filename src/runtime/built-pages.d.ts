/** What `npm run build` makes of the web UI; `imports` in package.json says where it is. */
declare module "#web/render" {
  import type { PageModel } from "../http/pages/models.ts";

  export function createRenderer(manifest: unknown): (model: PageModel) => string;
}

declare module "#web/manifest" {
  const manifest: unknown;
  export default manifest;
}
