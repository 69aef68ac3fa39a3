import { describe, expect, test } from "vitest";
import { assuranceOf, meets } from "../../src/domain/assurance.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import amr from "../vectors/amr-rfc8176.json" with { type: "json" };

const CODE = { phishingResistant: false, userVerified: false, backupEligible: true, hardwareAttested: false };
const KEY = { phishingResistant: true, userVerified: false, backupEligible: false, hardwareAttested: false };
const id = "au_test";

const EVIDENCE: Readonly<Record<string, Evidence>> = {
  "an app's code": { ...CODE, method: "totp", authenticatorId: id, spend: spendStep() },
  "a recovery code": { ...CODE, method: "recovery_code", authenticatorId: id, spend: spendCode() },
  "a key": passkey({}),
  "a key, user verified": passkey({ userVerified: true }),
  "a synced passkey, user verified": passkey({ userVerified: true, backupEligible: true }),
  "a synced passkey that claims hardware": passkey({
    userVerified: true,
    backupEligible: true,
    hardwareAttested: true,
  }),
  "attested hardware": passkey({ hardwareAttested: true }),
  "attested hardware, user verified": passkey({ userVerified: true, hardwareAttested: true }),
};

/** What each is worth alone, and what a password just checked adds. */
const TABLE: readonly (readonly [keyof typeof EVIDENCE, acr: string, alone: string, withPassword: string])[] = [
  ["an app's code", "urn:countersign:acr:otp", "otp", "mfa otp pwd"],
  ["a recovery code", "urn:countersign:acr:recovery", "", ""],
  ["a key", "phr", "pop user", "mfa pop pwd user"],
  ["a key, user verified", "phr", "mfa pop user", "mfa pop pwd user"],
  ["a synced passkey, user verified", "phr", "mfa pop user", "mfa pop pwd user"],
  ["a synced passkey that claims hardware", "phr", "mfa pop user", "mfa pop pwd user"],
  ["attested hardware", "phr", "hwk user", "hwk mfa pwd user"],
  ["attested hardware, user verified", "phrh", "hwk mfa user", "hwk mfa pwd user"],
];

function passkey(changes: Partial<typeof KEY>): Evidence {
  return { ...KEY, ...changes, method: "webauthn", authenticatorId: id, spend: spendCount() };
}

function spendStep() {
  return { kind: "totp_step", authenticatorId: id, step: 1, inBudget: true } as const;
}

function spendCode() {
  return { kind: "recovery_code", authenticatorId: id, mac: "mac" } as const;
}

function spendCount() {
  return { kind: "sign_count", authenticatorId: id, signCount: 0, backupState: false } as const;
}

function evidence(name: string): Evidence {
  const found = EVIDENCE[name];
  if (found === undefined) throw new Error(`no evidence called ${name}`);
  return found;
}

describe("the level of a verdict", () => {
  test.each(TABLE)("AAL-01: %s is worth %s, from the evidence alone", (name, acr, alone, withPassword) => {
    const { phishingResistant, userVerified } = evidence(name);
    const stated = { acr, phishingResistant, userVerified };
    expect(assuranceOf(evidence(name), false)).toEqual({ ...stated, amr: alone.split(" ").filter(Boolean) });
    expect(assuranceOf(evidence(name), true)).toEqual({ ...stated, amr: withPassword.split(" ").filter(Boolean) });
  });

  test("AAL-03: one factor is never reported as two, and a recovery code adds none", () => {
    for (const name of ["an app's code", "a recovery code", "a key", "attested hardware"])
      expect(assuranceOf(evidence(name), false).amr, name).not.toContain("mfa");
    expect(assuranceOf(evidence("a recovery code"), true).amr).toEqual([]);
  });

  test("AAL-04: what is typed by hand is never phishing-resistant", () => {
    for (const name of ["an app's code", "a recovery code"]) {
      const { acr, phishingResistant } = assuranceOf(evidence(name), true);
      expect([phishingResistant, meets(acr, "phr")]).toEqual([false, false]);
    }
  });

  test("AAL-05: only attested hardware that verified its user and cannot be copied reaches the hardware level", () => {
    const reaching = Object.keys(EVIDENCE).filter((name) => meets(assuranceOf(evidence(name), true).acr, "phrh"));
    expect(reaching).toEqual(["attested hardware, user verified"]);
  });

  test("AAL-06: every amr value is registered, and recovery is reported as none of them", () => {
    const registered = amr.registered.map(({ value }) => value);
    for (const name of Object.keys(EVIDENCE)) {
      for (const value of assuranceOf(evidence(name), true).amr) expect(registered, name).toContain(value);
    }
    const published = amr.countersignMapping.cases.filter(({ note }) => !note?.startsWith("hwk only if"));
    const ours = TABLE.flatMap(([, , alone, more]) => [alone, more].map((text) => text.split(" ").filter(Boolean)));
    for (const { amr: expected } of published) expect(ours).toContainEqual(expected);
  });
});
