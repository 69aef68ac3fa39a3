import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Tests that run inside Cloudflare's runtime, and not in Node. */
const IN_WORKERD = "test/workerd/**/*.test.ts";
/** What `npm test` finds no program for; projects do not see --exclude. */
const LEFT_OUT = process.env.TESTS_LEFT_OUT?.split(" ") ?? [];

/** What decides on people over HTTP runs once more with PostgreSQL underneath. */
const ON_POSTGRES = [
  "api-keys",
  "devices",
  "enrolment",
  "guess-budgets",
  "idempotency",
  "proofs",
  "realms",
  "receipts",
  "recovery-codes",
  "redeem",
  "source-limits",
  "verify",
  "verify-passkey",
  "webauthn-state",
].map((name) => `test/http/${name}.test.ts`);

const IN_NODE = {
  execArgv: ["--disable-warning=ExperimentalWarning"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...IN_NODE,
          name: "node",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: [IN_WORKERD, ...LEFT_OUT],
        },
      },
      {
        test: {
          ...IN_NODE,
          name: "postgres",
          include: ON_POSTGRES,
          env: { COUNTERSIGN_TEST_ENGINE: "postgres" },
          globalSetup: "test/support/postgres-for-all.ts",
        },
      },
      {
        plugins: [
          cloudflareTest(async () => {
            const { unstable_readConfig: readConfig } = await import("wrangler");
            const { compatibility_date: compatibilityDate, compatibility_flags: compatibilityFlags } = readConfig({
              config: "wrangler.toml",
            });
            const bindings = { MIGRATIONS: await readD1Migrations("drizzle/sqlite") };
            return { miniflare: { compatibilityDate, compatibilityFlags, d1Databases: ["DB"], bindings } };
          }),
        ],
        test: { name: "workerd", include: [IN_WORKERD], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
