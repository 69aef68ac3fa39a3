import { toBase64url } from "../domain/encoding.ts";
import { type Checked, reject } from "../domain/evidence.ts";
import { newId } from "../domain/ids.ts";
import { buildRequestOptions } from "../methods/webauthn/options.ts";
import { checkAssertion } from "../methods/webauthn.ts";
import type { Deps } from "../ports/deps.ts";
import type { StoredChallenge } from "../ports/store.ts";
import { auditOf, type Call } from "./call.ts";
import { decoyCandidates } from "./decoy.ts";
import { PROOF_MS } from "./proof.ts";
import { toWebauthn } from "./unseal-authenticator.ts";

const CHALLENGE_BYTES = 32;

/** A passkey question to an administrator; `options` is PublicKeyCredentialRequestOptionsJSON. */
export type AdminQuestion = Readonly<{ id: string; options: unknown }>;

/**
 * Opens a challenge that takes one answer within five minutes and counts for one purpose only. Without a subject the
 * passkey has to say whose it is (usernameless sign-in). User verification is always required.
 */
export async function askPasskey(
  deps: Deps,
  call: Call,
  about: Readonly<{ purpose: string; lookup?: string }>,
): Promise<AdminQuestion> {
  const id = newId("ch", deps.random.bytes);
  const webauthnChallenge = toBase64url(deps.random.bytes(CHALLENGE_BYTES));
  await deps.store.atomically([
    deps.store.challenges.insert({
      id,
      realmId: call.realm.id,
      rpId: call.rpId,
      subjectLookup: about.lookup ?? "",
      purpose: about.purpose,
      requiredAcr: "phr",
      methods: ["webauthn"],
      lane: "open",
      firstFactor: false,
      deviceId: null,
      deviceTokenHash: null,
      webauthnChallenge,
      attemptsLeft: 1,
      createdAtMs: call.nowMs,
      expiresAtMs: call.nowMs + PROOF_MS,
    }),
  ]);
  const own = about.lookup === undefined ? [] : await deps.store.authenticators.listUsable(about.lookup, "webauthn");
  const options = buildRequestOptions({
    rpId: call.realm.rpId,
    challenge: webauthnChallenge,
    allowCredentials: own.map(toWebauthn).map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    userVerification: "required",
  });
  return { id, options };
}

export type AdminAnswer = Readonly<{
  challenge: StoredChallenge;
  response: unknown;
  /** Whose passkeys count, and the handle that goes with them; empty for somebody we do not know. */
  lookup: string;
  userHandle: string;
  /** Nothing but the user handle says who it is. */
  isUsernameless: boolean;
}>;

/**
 * Checks an administrator's answer and uses it up: the sign count is spent, the challenge satisfied. Somebody we do not
 * know costs the same statements and the same signature check, against a decoy.
 */
export async function checkPasskey(deps: Deps, call: Call, answer: AdminAnswer): Promise<Checked> {
  const stored = await deps.store.authenticators.listUsable(answer.lookup, "webauthn");
  const decoys = decoyCandidates(deps.keyring, answer.lookup, "webauthn", call.realm);
  const candidates = stored.length > 0 ? stored.map(toWebauthn) : decoys.filter((one) => one.method === "webauthn");
  const checked = await checkAssertion({
    response: answer.response,
    candidates,
    challenge: answer.challenge.webauthnChallenge,
    rpId: call.realm.rpId,
    origins: call.realm.origins,
    userVerification: "required",
    userHandle: answer.userHandle,
    requireUserHandle: answer.isUsernameless,
    crypto: deps.webauthnCrypto,
  });
  if (!checked.ok) {
    await noteClone(deps, call, answer.lookup, checked);
    return checked;
  }
  return stored.length > 0 ? spend(deps, call, answer.challenge, checked) : reject("no_authenticator");
}

async function spend(
  deps: Deps,
  call: Call,
  challenge: StoredChallenge,
  checked: Extract<Checked, { ok: true }>,
): Promise<Checked> {
  const { spend: what, authenticatorId, userVerified } = checked.evidence;
  if (what.kind !== "sign_count") return reject("malformed");
  const { signCount, backupState } = what;
  const spent = await deps.store.authenticators.spendSignCount(authenticatorId, signCount, backupState, call.nowMs);
  if (!spent) return reject("already_used", authenticatorId);
  const by = { method: "webauthn", authenticatorId, acr: "phr", amr: ["mfa", "pop", "user"], userVerified } as const;
  return (await deps.store.challenges.satisfy(challenge.id, by, call.nowMs)) ? checked : reject("already_used");
}

async function noteClone(
  deps: Deps,
  call: Call,
  lookup: string,
  rejection: Extract<Checked, { ok: false }>,
): Promise<void> {
  const { reason, authenticatorId } = rejection;
  if (reason !== "counter_regressed" || authenticatorId === undefined) return;
  const about = { rpId: null, subjectLookup: lookup, authenticatorId, method: "webauthn" } as const;
  await deps.store.atomically([
    deps.store.audit.append(auditOf(call, "counter_regressed", about)),
    deps.store.authenticators.suspectClone(authenticatorId, call.nowMs),
  ]);
}
