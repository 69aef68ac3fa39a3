import type { Method } from "./authenticator.ts";
import type { Evidence } from "./evidence.ts";

/**
 * How strong a proof is (OIDC `acr`): `phrh` and `phr` are those of OpenID EAP ACR Values 1.0; the other two are ours,
 * because no registered value says "one-time code" or "recovery code".
 */
export type Acr = "phrh" | "phr" | "urn:countersign:acr:otp" | "urn:countersign:acr:recovery";

export const ACR_VALUES = [
  "phrh",
  "phr",
  "urn:countersign:acr:otp",
  "urn:countersign:acr:recovery",
] as const satisfies readonly Acr[];

const RANK = {
  "urn:countersign:acr:recovery": 0,
  "urn:countersign:acr:otp": 1,
  phr: 2,
  phrh: 3,
} satisfies Record<Acr, number>;

export type Assurance = Readonly<{
  acr: Acr;
  /** Authentication method references, sorted; registered values only (RFC 8176). */
  amr: readonly string[];
  phishingResistant: boolean;
  userVerified: boolean;
}>;

/** What evidence is worth. Computed from what was proven, never configured. */
export function assuranceOf(evidence: Evidence, firstFactorVerified: boolean): Assurance {
  return {
    acr: acrOf(evidence),
    amr: amrOf(evidence, firstFactorVerified),
    phishingResistant: evidence.phishingResistant,
    userVerified: evidence.userVerified,
  };
}

/** Whether an achieved level is at least the required one. */
export function meets(achieved: Acr, required: Acr | undefined): boolean {
  return required === undefined || RANK[achieved] >= RANK[required];
}

/** The weakest of some levels; undefined for none. */
export function weakestOf(levels: readonly Acr[]): Acr | undefined {
  return levels.toSorted((a, b) => RANK[a] - RANK[b])[0];
}

/**
 * An achieved level in the words of whoever asked: itself where it was asked for, else the strongest asked-for level that
 * it meets. Relying parties compare the claim with what they asked for (RFC 9470 §4).
 */
export function inWordsOf(asked: readonly Acr[], achieved: Acr): Acr {
  const met = asked.filter((level) => meets(achieved, level)).toSorted((a, b) => RANK[b] - RANK[a]);
  return met[0] ?? achieved;
}

/** The methods that can reach a level, strongest first. */
export function methodsFor(required: Acr | undefined): readonly Method[] {
  const reach: readonly (readonly [Method, Acr])[] = [
    ["webauthn", "phrh"],
    ["totp", "urn:countersign:acr:otp"],
    ["recovery_code", "urn:countersign:acr:recovery"],
  ];
  return reach.filter(([, best]) => meets(best, required)).map(([method]) => method);
}

/** Hardware-bound proof is only asked for together with user verification (NIST SP 800-63B-4 §2.3). */
export function userVerificationFor(required: Acr | undefined): "required" | "preferred" {
  return required === "phrh" ? "required" : "preferred";
}

function acrOf(evidence: Evidence): Acr {
  switch (evidence.method) {
    case "webauthn":
      // A key that can be copied is never hardware-bound, whatever was attested (NIST SP 800-63B-4 App. B).
      return evidence.hardwareAttested && !evidence.backupEligible && evidence.userVerified ? "phrh" : "phr";
    case "totp":
      return "urn:countersign:acr:otp";
    case "recovery_code":
      return "urn:countersign:acr:recovery";
    default:
      return evidence.method satisfies never;
  }
}

function amrOf(evidence: Evidence, firstFactorVerified: boolean): readonly string[] {
  switch (evidence.method) {
    case "totp":
      return firstFactorVerified ? ["mfa", "otp", "pwd"] : ["otp"];
    case "webauthn":
      return webauthnAmr(evidence, firstFactorVerified);
    case "recovery_code":
      // RFC 8176 has no value for a look-up secret, and one factor must not be reported as two.
      return [];
    default:
      return evidence.method satisfies never;
  }
}

function webauthnAmr(evidence: Evidence, firstFactorVerified: boolean): readonly string[] {
  const amr = ["user", evidence.hardwareAttested && !evidence.backupEligible ? "hwk" : "pop"];
  if (evidence.userVerified || firstFactorVerified) amr.push("mfa");
  if (firstFactorVerified) amr.push("pwd");
  return amr.sort();
}
