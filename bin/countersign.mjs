#!/usr/bin/env node
// Plain JavaScript that every Node understands, and nothing imported before the check: under Node 20 the database driver
// ends the process with a segmentation fault, and TypeScript runs without a flag only from 22.18 and 23.6 on.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNewEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (isNewEnough) {
  await start();
} else {
  process.stderr.write(
    `countersign needs Node.js 22.18, 23.6, 24 or newer, and this is ${process.versions.node}: run it through "npx countersign" or "npm start", which bring their own.\n`,
  );
  process.exitCode = 78;
}

async function start() {
  hideExperimentalWarnings();
  if (process.argv[2] === "serve") await becomeLean();
  const { enableCompileCache, registerHooks } = await import("node:module");
  const { join } = await import("node:path");
  // Compiling is most of a cold start. Where the folder cannot be written, Node goes on without it.
  enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/countersign"));
  registerHooks({ resolve: withoutPackageLookup });
  const { main } = await import("../src/cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}

/** Type stripping and WebCrypto's newer algorithms are used on purpose; other warnings still show. */
function hideExperimentalWarnings() {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...rest) => {
    const [type] = rest;
    const name = warning instanceof Error ? warning.name : typeof type === "object" ? type?.type : type;
    if (name !== "ExperimentalWarning") emitWarning(warning, ...rest);
  };
}

/**
 * Puts the same program into this process's place, with options that halve the memory it takes and that both Node and
 * malloc read only at their start. What was set on purpose stays. Where a process cannot be replaced (on Windows, and
 * before Node 22.15 and 23.11) the service runs without.
 */
async function becomeLean() {
  const { default: lean } = await import("./lean-process.json", { with: { type: "json" } });
  const isLean = lean.nodeOptions.every((option) => process.execArgv.includes(option));
  if (isLean || process.platform === "win32" || process.execve === undefined) return;
  const options = [...lean.nodeOptions, ...process.execArgv];
  const words = [process.execPath, ...options, ...process.argv.slice(1)];
  process.execve(process.execPath, words, { ...lean.environment, ...process.env });
}

/**
 * Node parses a package's whole package.json for each of its files, to learn their format. That of drizzle-orm is 180
 * kB: over its hundred files this takes half of a cold start. Its relative imports are modules, so say so.
 */
function withoutPackageLookup(specifier, context, next) {
  const isWithinDrizzle = specifier.startsWith(".") && context.parentURL?.includes("/node_modules/drizzle-orm/");
  if (!isWithinDrizzle || !context.parentURL.endsWith(".js") || !specifier.endsWith(".js"))
    return next(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
}
