import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";

const CLIENT = resolve(import.meta.dirname, "../../web/dist/client");
const PROMPT = "prompt/main.tsx";

type Manifest = Readonly<Record<string, Readonly<{ file: string; imports?: readonly string[] }>>>;

/**
 * Gzipped size of the scripts that the prompt page loads before it works, in kilobytes (1,000 bytes); undefined when the
 * pages have not been built.
 */
export function promptScriptKilobytes(): number | undefined {
  const manifest = readManifest();
  if (manifest?.[PROMPT] === undefined) return undefined;
  const files = new Set<string>();
  collect(manifest, PROMPT, files);
  const sizes = [...files].map((file) => gzipSync(readFileSync(resolve(CLIENT, file)), { level: 9 }).length);
  return sizes.reduce((total, size) => total + size, 0) / 1000;
}

/** Gzipped size of the password field before it loads anything, in kilobytes; undefined when it has not been built. */
export function passwordFieldKilobytes(): number | undefined {
  const path = resolve(CLIENT, "assets/countersign-password.js");
  return existsSync(path) ? gzipSync(readFileSync(path), { level: 9 }).length / 1000 : undefined;
}

/** The entry's own file and those it imports, at any depth; what it loads only later does not count. */
function collect(manifest: Manifest, name: string, files: Set<string>): void {
  const chunk = manifest[name];
  if (chunk === undefined || files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) collect(manifest, imported, files);
}

function readManifest(): Manifest | undefined {
  try {
    // Written by the bundler.
    return JSON.parse(readFileSync(resolve(CLIENT, ".vite/manifest.json"), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
