import { DEFAULT_REALM_ID } from "../../../src/domain/realm.ts";
import { enrolPasskey, enrolTotp, prove } from "../../support/enrol.ts";
import { MODEL_PAGES } from "../../support/page-browser.ts";
import { startService, type TestRelyingParty, type TestService } from "../../support/service.ts";

/** What somebody can have, from never heard of to several ways to sign in. */
export const KINDS = ["unknown", "unfinished", "revoked", "erased", "app", "passkey", "several"] as const;
export type Kind = (typeof KINDS)[number];

/** Who has something to sign in with. */
export const ENROLLED: readonly Kind[] = ["app", "passkey", "several"];

/** What an attacker has done to everybody alike: nothing, or as many wrong codes as close the lanes for a day, or for good. */
export const STANDINGS = ["fresh", "exhausted", "suspended"] as const;
export type Standing = (typeof STANDINGS)[number];

const POLICIES: Readonly<Record<Standing, string>> = {
  fresh: "{}",
  exhausted: policyOf({ freeInRow: 9, perDay: 2 }),
  suspended: policyOf({ freeInRow: 9, suspendInRow: 2 }),
};

/** A service with one person of each kind, all in the same standing. */
export type Town = Readonly<{
  service: TestService;
  rp: TestRelyingParty;
  /** Another relying party of the same realm. */
  other: TestRelyingParty;
  close: () => Promise<void>;
}>;

export async function buildTown(standing: Standing): Promise<Town> {
  const service = await startService({ pages: MODEL_PAGES });
  const [rp, other] = [await service.addRelyingParty(), await service.addRelyingParty({ name: "Other" })];
  await rp.post("/v1/enrolments", { subject: "unfinished", method: "totp" });
  for (const subject of ["app", "several", "revoked", "erased"]) await moveIn(service, rp, subject);
  await enrolPasskey(service, rp, "passkey", { overrides: PLATFORM });
  await rp.post("/v1/subjects/delete", { subject: "erased", reason: "test" });
  const { store } = service.deps;
  await store.atomically([store.realms.setPolicy(DEFAULT_REALM_ID, POLICIES[standing])]);
  // By then every process has read the policy anew, and no enrolment or challenge is open.
  service.clock.advance(60 * 60 * 1000);
  if (standing !== "fresh") for (const subject of KINDS) await guessAt(rp, subject);
  return { service, rp, other, close: service.close };
}

/** As long and as reachable as the passkeys of the assumed population are. */
const PLATFORM = { transports: ["internal"] } as const satisfies NonNullable<
  Parameters<typeof enrolPasskey>[3]
>["overrides"];

async function moveIn(service: TestService, rp: TestRelyingParty, subject: string): Promise<void> {
  const app = await enrolTotp(service, rp, subject);
  const proof = await prove(rp, subject, { totp: app.code() });
  service.clock.advance(30_000);
  if (subject === "several") await enrolPasskey(service, rp, subject, { proof, overrides: PLATFORM });
  if (subject === "revoked") await rp.post("/v1/authenticators/revoke", { subject, authenticator: app.id, proof });
}

async function guessAt(rp: TestRelyingParty, subject: string): Promise<void> {
  const wrong = [{ totp: "00000" }, { recovery_code: "0000-0000-0000-0000-0000-0000" }];
  for (const answer of [...wrong, ...wrong]) {
    for (const first_factor of [true, false]) await rp.post("/v1/verify", { subject, first_factor, ...answer });
  }
}

function policyOf(budget: Readonly<Record<string, number>>): string {
  return JSON.stringify({ budgets: { open: budget, proven: budget } });
}
