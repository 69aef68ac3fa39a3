import type { PageModel } from "./models.ts";

/** The built web UI: turns models into HTML, and serves its scripts and styles. */
export type PageSurface = Readonly<{
  /** A complete HTML document. */
  render: (model: PageModel) => string;
  /** The file behind a path such as `/assets/prompt-3f2a.js`; undefined when there is none. */
  asset: (path: string) => Response | Promise<Response | undefined> | undefined;
}>;
