import type { Answer, Method, UsableAuthenticator } from "../domain/authenticator.ts";
import { type Checked, reject } from "../domain/evidence.ts";
import type { Realm } from "../domain/realm.ts";
import type { TotpHmac } from "../ports/totp-hmac.ts";
import type { WebauthnCrypto } from "../ports/webauthn-crypto.ts";
import { checkRecoveryCode } from "./recovery-code.ts";
import { checkTotp } from "./totp.ts";
import { checkAssertion } from "./webauthn.ts";

/** What a method gets to judge an answer by. `candidates` are the subject's usable ones of that method, or decoys. */
export type CheckInput = Readonly<{
  answer: Answer;
  candidates: readonly UsableAuthenticator[];
  realm: Realm;
  nowMs: number;
  /** base64url; empty when no challenge was opened. */
  webauthnChallenge: string;
  userVerification: "required" | "preferred";
  /** base64url */
  userHandle: string;
  totpHmac: TotpHmac;
  webauthnCrypto: WebauthnCrypto;
  macRecoveryCode: (normalised: string) => string;
}>;

type Check = (input: CheckInput) => Checked | Promise<Checked>;

/** The methods. A new one is a file, an entry here, and one kind of spend. */
export const METHODS: Readonly<Record<Method, Readonly<{ check: Check; isBoundToHandle: boolean }>>> = {
  totp: { check: totp, isBoundToHandle: false },
  webauthn: { check: webauthn, isBoundToHandle: true },
  recovery_code: { check: recoveryCode, isBoundToHandle: false },
};

function totp({ answer, candidates, nowMs, realm, totpHmac }: CheckInput): Checked {
  if (answer.method !== "totp") return reject("malformed");
  const mine = candidates.filter((candidate) => candidate.method === "totp");
  return checkTotp({ code: answer.code, candidates: mine, now: nowMs, policy: realm.policy.totp, hmac: totpHmac });
}

function recoveryCode({ answer, candidates, macRecoveryCode }: CheckInput): Checked {
  if (answer.method !== "recovery_code") return reject("malformed");
  const mine = candidates.filter((candidate) => candidate.method === "recovery_code");
  return checkRecoveryCode({ code: answer.code, candidates: mine, macOf: macRecoveryCode });
}

async function webauthn(input: CheckInput): Promise<Checked> {
  const { answer, candidates, realm, webauthnChallenge, userVerification, userHandle, webauthnCrypto } = input;
  if (answer.method !== "webauthn") return reject("malformed");
  return checkAssertion({
    response: answer.response,
    candidates: candidates.filter((candidate) => candidate.method === "webauthn"),
    challenge: webauthnChallenge,
    rpId: realm.rpId,
    origins: realm.origins,
    userVerification,
    userHandle,
    crypto: webauthnCrypto,
  });
}
