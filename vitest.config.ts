import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Tests that run inside Cloudflare's runtime, and not in Node. */
const IN_WORKERD = "test/workerd/**/*.test.ts";
/** What `npm test` finds no program for; projects do not see --exclude. */
const LEFT_OUT = process.env.TESTS_LEFT_OUT?.split(" ") ?? [];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: [IN_WORKERD, ...LEFT_OUT],
          execArgv: ["--disable-warning=ExperimentalWarning"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            miniflare: {
              compatibilityDate: "2026-10-01",
              compatibilityFlags: ["nodejs_compat"],
              d1Databases: ["DB"],
              bindings: { MIGRATIONS: await readD1Migrations("drizzle/sqlite") },
            },
          })),
        ],
        test: { name: "workerd", include: [IN_WORKERD], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
