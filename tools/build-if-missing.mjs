// Builds the web pages when there is no build, or when a source is newer than it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const OUTPUTS = [
  "web/dist/client/.vite/manifest.json",
  "web/dist/server/render.js",
  "web/dist/client/assets/countersign-password.js",
].map((path) => join(ROOT, path));

if (isStale()) {
  console.log("Building the web pages (once, and whenever their sources change) …");
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  process.exitCode = status ?? 1;
}

function isStale() {
  if (!OUTPUTS.every((path) => existsSync(path))) return true;
  const builtAtMs = Math.min(...OUTPUTS.map((path) => statSync(path).mtimeMs));
  return sourcesIn(join(ROOT, "web")).some((path) => statSync(path).mtimeMs > builtAtMs);
}

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === "dist" ? [] : sourcesIn(path);
  });
}
