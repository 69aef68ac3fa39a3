import type { TestProject } from "vitest/node";
import { openPostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A superuser's URL. */
    postgresUrl: string;
  }
}

/** One server for every file of the project, each of whose services has a database of its own. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await openPostgresServer();
  project.provide("postgresUrl", server.url);
  return server.close;
}
