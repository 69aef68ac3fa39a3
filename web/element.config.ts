import { join } from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;

/**
 * `vite build --config web/element.config.ts` adds the password field to dist/client: `countersign-password.js`, and
 * what it loads later, all with names that begin like this, by which the server knows what other origins may load.
 */
export default defineConfig({
  root,
  base: "./",
  publicDir: false,
  envDir: false,
  logLevel: "warn",
  build: {
    outDir: "dist/client",
    emptyOutDir: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      input: { "countersign-password": join(root, "password-field/main.ts") },
      output: {
        entryFileNames: "assets/countersign-password.js",
        chunkFileNames: "assets/countersign-password-[name]-[hash].js",
      },
    },
  },
});
