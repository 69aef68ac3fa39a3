/** The store's port: challenges. */
import type { Acr } from "../../domain/assurance.ts";
import type { Method } from "../../domain/authenticator.ts";
import type { Lane } from "../../domain/guess-budget.ts";
import type { Write } from "./write.ts";

export type StoredChallenge = Readonly<{
  id: string;
  realmId: string;
  rpId: string;
  subjectLookup: string;
  purpose: string;
  requiredAcr: Acr | null;
  methods: readonly Method[];
  lane: Lane;
  /** The relying party had just checked the first factor. */
  firstFactor: boolean;
  /** The device token that chose the lane, if one did. */
  deviceId: string | null;
  deviceTokenHash: string | null;
  webauthnChallenge: string;
  attemptsLeft: number;
  status: "pending" | "satisfied" | "denied";
  createdAtMs: number;
  expiresAtMs: number;
  satisfiedAtMs: number | null;
  method: Method | null;
  authenticatorId: string | null;
  acr: Acr | null;
  amr: readonly string[] | null;
  userVerified: boolean | null;
  proofSpentAtMs: number | null;
  redeemedAtMs: number | null;
}>;

export type NewChallenge = Pick<
  StoredChallenge,
  | "id"
  | "realmId"
  | "rpId"
  | "subjectLookup"
  | "purpose"
  | "requiredAcr"
  | "methods"
  | "lane"
  | "firstFactor"
  | "deviceId"
  | "deviceTokenHash"
  | "webauthnChallenge"
  | "attemptsLeft"
  | "createdAtMs"
  | "expiresAtMs"
>;

export type Satisfaction = Readonly<{
  method: Method;
  authenticatorId: string;
  acr: Acr;
  amr: readonly string[];
  userVerified: boolean;
  /** The verdict goes straight to the relying party: there is nothing left to redeem. */
  redeemed?: boolean;
}>;

export type ChallengeVerbs = Readonly<{
  insert: (challenge: NewChallenge) => Write;
  find: (id: string, rpId: string) => Promise<StoredChallenge | undefined>;
  /** Takes one attempt. Guard: the relying party's own, pending, not expired, attempts left. */
  takeAttempt: (id: string, rpId: string, nowMs: number) => Promise<StoredChallenge | undefined>;
  /** Guard: pending and not expired. The one step that makes an answer count. */
  satisfy: (id: string, by: Satisfaction, nowMs: number) => Promise<boolean>;
  /** Opens an expired challenge again under its id, with another webauthnChallenge. Guard: own, pending, expired, attempts left. */
  renew: (
    id: string,
    rpId: string,
    as: Pick<StoredChallenge, "webauthnChallenge" | "attemptsLeft" | "expiresAtMs">,
    nowMs: number,
  ) => Promise<StoredChallenge | undefined>;
  /** Guard: pending. */
  deny: (id: string, nowMs: number) => Promise<boolean>;
  /** Uses a satisfied challenge as the proof for one change. Guard: own, satisfied since `sinceMs`, of this subject, purpose and unspent. */
  spendProof: (
    id: string,
    by: Readonly<{ rpId: string; subjectLookup: string; purpose: string; sinceMs: number; nowMs: number }>,
  ) => Promise<StoredChallenge | undefined>;
  /** Guard: own, satisfied since `sinceMs`, not redeemed. */
  redeem: (id: string, rpId: string, sinceMs: number, nowMs: number) => Promise<StoredChallenge | undefined>;
  purge: (beforeMs: number) => Write;
}>;
