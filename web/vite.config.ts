import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;

/** Every page is an entry of its own, so that each loads its own code only. The server finds them in the manifest. */
const clientEntries = {
  prompt: join(root, "prompt/main.tsx"),
  enrol: join(root, "enrol/main.tsx"),
  account: join(root, "account/main.tsx"),
  admin: join(root, "admin/main.tsx"),
  styles: join(root, "ui/styles/main.css"),
  "admin-styles": join(root, "admin/admin.css"),
};

/** `vite build` makes dist/client; `vite build --ssr` makes dist/server/render.js, which needs nothing beside it. */
export default defineConfig(({ isSsrBuild }) => ({
  root,
  base: "/",
  publicDir: false,
  envDir: false,
  logLevel: "warn",
  plugins: isSsrBuild ? [] : [iconAsset()],
  build: isSsrBuild
    ? {
        ssr: true,
        outDir: "dist/server",
        emptyOutDir: true,
        rolldownOptions: { input: { render: join(root, "server/render.tsx") } },
      }
    : {
        outDir: "dist/client",
        emptyOutDir: true,
        manifest: true,
        // The document preloads what the page needs; no script may add elements on its own.
        modulePreload: false,
        assetsInlineLimit: 0,
        rolldownOptions: { input: clientEntries },
      },
  ssr: { noExternal: true, target: "webworker" },
}));

/** Puts the site icon among the hashed assets, where the manifest names it `ui/icon.svg`. */
function iconAsset(): Plugin {
  return {
    name: "icon-asset",
    buildStart() {
      const source = readFileSync(join(root, "ui/icon.svg"));
      this.emitFile({ type: "asset", name: "icon.svg", originalFileName: "ui/icon.svg", source });
    },
  };
}
