import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** What each part of src may import of the others. `app` and `config` are the files of that name. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ["domain"],
  crypto: ["domain", "ports"],
  store: ["domain", "ports"],
  methods: ["domain", "ports"],
  password: ["domain", "ports"],
  flows: ["domain", "ports", "methods", "password"],
  http: ["domain", "ports", "methods", "password", "flows"],
  config: ["domain"],
  app: ["domain", "ports", "methods", "password", "flows", "http"],
  runtime: ["domain", "ports", "methods", "password", "flows", "http", "app", "config", "crypto", "store"],
  cli: ["domain", "ports", "methods", "password", "flows", "http", "app", "config", "crypto", "store", "runtime"],
};

/** Packages that only some parts may know; the first name that fits decides. */
const PACKAGES: readonly Readonly<{ name: RegExp; parts: readonly string[] }>[] = [
  { name: /^node:/, parts: ["crypto", "store/engines", "runtime", "cli"] },
  { name: /^(better-sqlite3|postgres)$/, parts: ["store/engines", "runtime", "cli"] },
  { name: /^drizzle-orm(\/|$)/, parts: ["store"] },
  { name: /^@hono\/zod-openapi$/, parts: ["http"] },
  { name: /^(hono|@hono\/node-server)(\/|$)/, parts: ["http", "app", "runtime"] },
  { name: /^zod$/, parts: ["http", "config", "store"] },
  { name: /^(preact|playwright-core|vite)/, parts: [] },
];

type Import = Readonly<{ from: string; isType: boolean }>;

describe("import directions", () => {
  test("every file of src imports only what its part may know", () => {
    const broken = filesIn("src").flatMap((file) => importsOf(file).flatMap((one) => complaint(file, one.from) ?? []));
    expect(broken).toEqual([]);
  });

  test("the web pages import types of src only; the password field judges with the service's own rules", () => {
    const broken = filesIn("web").flatMap((file) => {
      const allowed = file.startsWith("web/password-field/") ? ["domain", "password"] : [];
      return importsOf(file).filter(({ from, isType }) => {
        const part = partOf(targetOf(file, from));
        return !isType && part !== undefined && !allowed.includes(part);
      });
    });
    expect(broken).toEqual([]);
  });

  test.each([
    ["src/domain/ids.ts", "../ports/store.ts"],
    ["src/ports/deps.ts", "../flows/verify.ts"],
    ["src/crypto/keyring.ts", "../store/engine.ts"],
    ["src/store/engine.ts", "../flows/call.ts"],
    ["src/methods/totp.ts", "../flows/verify.ts"],
    ["src/password/assess.ts", "../methods/totp.ts"],
    ["src/flows/verify.ts", "../http/problem.ts"],
    ["src/flows/verify.ts", "../store/create-store.ts"],
    ["src/http/v1/verify.ts", "../../app.ts"],
    ["src/http/v1/verify.ts", "../../crypto/keyring.ts"],
    ["src/app.ts", "./runtime/serve.ts"],
    ["src/config.ts", "./runtime/serve.ts"],
    ["src/runtime/serve.ts", "../cli/main.ts"],
    ["src/flows/verify.ts", "node:crypto"],
    ["src/store/subjects.ts", "node:fs"],
    ["src/config.ts", "node:net"],
    ["src/http/env.ts", "better-sqlite3"],
    ["src/store/subjects.ts", "better-sqlite3"],
    ["src/flows/verify.ts", "drizzle-orm"],
    ["src/runtime/serve.ts", "drizzle-orm/sqlite-core"],
    ["src/flows/verify.ts", "hono"],
    ["src/cli/main.ts", "@hono/node-server"],
    ["src/flows/verify.ts", "zod"],
    ["src/flows/verify.ts", "@hono/zod-openapi"],
    ["src/http/pages/mount.ts", "preact"],
    ["src/http/pages/mount.ts", "../../../web/server/render.tsx"],
    ["src/domain/ids.ts", "../unheard-of/thing.ts"],
  ])("%s may not import %s", (file, from) => {
    expect(complaint(file, from)).toBeDefined();
  });

  test("every way of writing an import is seen", () => {
    const source = `
      import a from "./a.ts"; import { b,
        c } from './b.ts';
      import type { D } from "./d.ts"; import "./e.ts";
      export { f } from "./f.ts"; export * from "./g.ts"; export type { H } from "./h.ts";
      const i = await import("./i.ts"); import { type J, type K } from "./j.ts";
      const text = "from nowhere";`;
    const seen = importsIn(source);
    expect(seen.map(({ from }) => from.slice(2, 3)).sort()).toEqual(["a", "b", "d", "e", "f", "g", "h", "i", "j"]);
    expect(seen.filter(({ isType }) => isType).map(({ from }) => from)).toEqual(["./d.ts", "./h.ts"]);
  });
});

/** Why this import is not allowed, or undefined. */
function complaint(file: string, from: string): string | undefined {
  const part = partOf(file) ?? "";
  if (!from.startsWith(".")) {
    const rule = PACKAGES.find(({ name }) => name.test(from));
    const isAllowed = rule === undefined || rule.parts.some((one) => isWithin(file, one));
    return isAllowed ? undefined : `${file} imports ${from}`;
  }
  const target = partOf(targetOf(file, from));
  const isAllowed = target === part || (target !== undefined && ALLOWED[part]?.includes(target) === true);
  return isAllowed ? undefined : `${file} imports ${from}`;
}

function isWithin(file: string, part: string): boolean {
  return file.startsWith(`src/${part}/`) || file === `src/${part}.ts`;
}

/** The part of src that a path from the root belongs to; undefined outside src. */
function partOf(path: string): string | undefined {
  return /^src\/([\w-]+)(?:\/|\.ts$)/.exec(path)?.[1];
}

function targetOf(file: string, from: string): string {
  return relative(ROOT, resolve(ROOT, dirname(file), from)).replaceAll(sep, "/");
}

function importsOf(file: string): readonly Import[] {
  return importsIn(readFileSync(join(ROOT, file), "utf8"));
}

function importsIn(source: string): readonly Import[] {
  const statements = source.matchAll(
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{][^"'();=]*?\bfrom\s*)?["']([^"'\n]+)["']/g,
  );
  const calls = source.matchAll(/\bimport\(\s*["']([^"'\n]+)["']/g);
  return [
    ...[...statements].map(([, type, from = ""]) => ({ from, isType: type !== undefined })),
    ...[...calls].map(([, from = ""]) => ({ from, isType: false })),
  ];
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return names
    .map((name) => `${folder}/${name.replaceAll(sep, "/")}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("web/dist/"));
}
