import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Tests that run inside Cloudflare's runtime, and not in Node. */
const IN_WORKERD = "test/workerd/**/*.test.ts";
/** What `npm test` finds no program for; projects do not see --exclude. */
const LEFT_OUT = process.env.TESTS_LEFT_OUT?.split(" ") ?? [];

/** What decides on people over HTTP runs once more with PostgreSQL underneath. */
const ON_POSTGRES = [
  "admin-sign-in",
  "api-keys",
  "devices",
  "enrolment",
  "events",
  "guess-budgets",
  "idempotency",
  "pages-prompt",
  "proofs",
  "realms",
  "receipts",
  "recovery-codes",
  "redeem",
  "source-limits",
  "verify",
  "verify-passkey",
  "webauthn-state",
];

const IN_NODE = {
  execArgv: ["--disable-warning=ExperimentalWarning"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/** What rests on the runtime's own cryptography is tested in both. */
const CRYPTOGRAPHY =
  "test/unit/{hmac,keyring,totp,recovery-code,webauthn-{assertion,registration,android-key,vectors,properties}}.test.ts";
const IN_RUNTIME = { testTimeout: 120_000, hookTimeout: 120_000 };

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
          include: [
            ...ON_POSTGRES.map((name) => `test/http/${name}.test.ts`),
            "test/oidc/authorization-request.test.ts",
            "test/oidc/tokens.test.ts",
          ],
          env: { COUNTERSIGN_TEST_ENGINE: "postgres" },
          globalSetup: "test/support/postgres-for-all.ts",
        },
      },
      {
        plugins: [
          cloudflareTest(async () => {
            const bindings = { MIGRATIONS: await readD1Migrations("drizzle/sqlite") };
            return { miniflare: { ...(await compatibility()), d1Databases: ["DB"], bindings } };
          }),
        ],
        test: { ...IN_RUNTIME, name: "workerd-d1", include: ["test/workerd/d1.test.ts", CRYPTOGRAPHY] },
      },
      {
        plugins: [
          cloudflareTest(async ({ inject }) => {
            const hyperdrives = { HYPERDRIVE: inject("postgresUrl") };
            return { miniflare: { ...(await compatibility()), hyperdrives } };
          }),
        ],
        test: {
          ...IN_RUNTIME,
          name: "workerd-postgres",
          include: ["test/workerd/hyperdrive.test.ts"],
          globalSetup: "test/workerd/postgres-setup.ts",
        },
      },
    ],
  },
});

/** The runtime as wrangler.toml asks for it. */
async function compatibility() {
  const { unstable_readConfig: readConfig } = await import("wrangler");
  const { compatibility_date, compatibility_flags } = readConfig({ config: "wrangler.toml" });
  return { compatibilityDate: compatibility_date, compatibilityFlags: compatibility_flags };
}
