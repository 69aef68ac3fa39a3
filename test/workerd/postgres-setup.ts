import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";

/**
 * Starts PostgreSQL for the tests inside the runtime, which cannot. In a process of its own, since whatever this project
 * imports is resolved as for Workers.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const program = join(import.meta.dirname, "postgres-process.ts");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  project.provide("postgresUrl", String(url));
  return async () => {
    child.stdin.end();
    await once(child, "exit");
  };
}
