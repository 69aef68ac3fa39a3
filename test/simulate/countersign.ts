import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../src/app.ts";
import { membersOf, textIn } from "../../src/cli/probe/api.ts";
import { optionsIn } from "../../src/cli/probe/people.ts";
import { createPasskey, type SoftwarePasskey } from "../../src/cli/probe/software-passkey.ts";
import { parseConfig } from "../../src/config.ts";
import { totpHmac } from "../../src/crypto/hmac.ts";
import { type Bytes, fromBase32 } from "../../src/domain/encoding.ts";
import { DEFAULT_REALM_ID } from "../../src/domain/realm.ts";
import { SCOPES } from "../../src/domain/relying-party.ts";
import { createRelyingParty, liftScanAlarm } from "../../src/flows/relying-parties.ts";
import { stepAt, totpCode } from "../../src/methods/totp.ts";
import { createInProcessEstimator } from "../../src/password/in-process-estimator.ts";
import type { Deps } from "../../src/ports/deps.ts";
import { openNodeDeps } from "../../src/runtime/node-deps.ts";
import { type Attempt, type Contestant, type Outcome, SECOND_MS, virtualClock } from "./contestant.ts";

const STEP_SECONDS = 30;

type Json = Readonly<Record<string, unknown>>;
export type Answered = Readonly<{ status: number; body: Json; retryAfterMs: number }>;

/** The real service over SQLite in a temporary folder, on a virtual clock. */
export type Countersign = Contestant &
  Readonly<{
    deps: Deps;
    databasePath: string;
    apiKey: string;
    post: (path: string, body: Json) => Promise<Answered>;
    /** Makes an account with an authenticator app alone. */
    enrolApp: (account: string) => Promise<void>;
    /** As an administrator does once a scan alarm is looked into. */
    liftAlarm: () => Promise<void>;
    /** What was handed out at enrolment, to be found nowhere again. */
    secrets: readonly string[];
  }>;

type Account = { secret: Bytes; passkey: SoftwarePasskey; device: string };

/** Opens the service with its default policy. */
export async function openCountersign(): Promise<Countersign> {
  const dataDir = mkdtempSync(join(tmpdir(), "countersign-simulate-"));
  const config = parseConfig({ COUNTERSIGN_DATA_DIR: dataDir });
  const clock = virtualClock();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { deps } = await openNodeDeps(config, { logger, estimator: createInProcessEstimator(), clock });
  const by = { actor: "simulation", requestId: "req_simulation", nowMs: clock.now() };
  const about = { name: "Shop", redirectUris: [], realmId: DEFAULT_REALM_ID, scopes: SCOPES };
  const rp = await createRelyingParty(deps, by, about);
  if (!rp.ok) throw new Error("the relying party was refused");
  const { apiKey, clientId } = rp.value;
  const app = createApp(deps);
  const accounts = new Map<string, Account>();
  const secrets: string[] = [apiKey];

  const post: Countersign["post"] = async (path, body) => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const response = await app.request(path, { method: "POST", headers, body: JSON.stringify(body) });
    const retryAfterMs = Number(response.headers.get("retry-after") ?? 0) * SECOND_MS;
    return { status: response.status, body: membersOf(await response.text()), retryAfterMs };
  };
  const call = async (path: string, body: Json): Promise<Json> => {
    const answered = await post(path, body);
    if (answered.status < 300) return answered.body;
    throw new Error(`${path} was refused: ${JSON.stringify(answered.body)}`);
  };
  const code = ({ secret }: Account) => {
    const key = { secret, algorithm: "SHA1", digits: 6, periodSeconds: STEP_SECONDS } as const;
    return totpCode(key, stepAt(clock.now(), STEP_SECONDS), totpHmac);
  };
  /** A code is good once: the owner waits for the next one. */
  const nextCode = (account: Account) => {
    clock.reach(clock.sinceStart() + STEP_SECONDS * SECOND_MS);
    return code(account);
  };

  async function enrolApp(subject: string): Promise<Account> {
    const started = await call("/v1/enrolments", { subject, method: "totp" });
    const secret = textIn(Object(started.totp), "secret");
    const bytes = fromBase32(secret);
    if (bytes === undefined) throw new Error("a secret that is no base32");
    const account: Account = { secret: bytes, passkey: createPasskey(config.publicUrl), device: "" };
    const confirm = `/v1/enrolments/${textIn(started, "enrolment")}/confirm`;
    const confirmed = await call(confirm, { totp: code(account) });
    secrets.push(secret, ...Object(confirmed).recovery_codes);
    return account;
  }

  async function enrol(subject: string): Promise<void> {
    const account = await enrolApp(subject);
    const first = { subject, totp: nextCode(account), remember_device: true, first_factor: true };
    account.device = textIn(await call("/v1/verify", first), "device");
    const opened = await call("/v1/challenges", { subject });
    const challenge = textIn(opened, "challenge");
    await call("/v1/verify", { challenge, totp: nextCode(account) });
    const key = await call("/v1/enrolments", { subject, method: "webauthn", proof: challenge });
    const created = account.passkey.register(optionsIn(key));
    await call(`/v1/enrolments/${textIn(key, "enrolment")}/confirm`, { webauthn: created });
    accounts.set(subject, account);
  }

  function accountOf(subject: string): Account {
    const account = accounts.get(subject);
    if (account === undefined) throw new Error("nobody of that name was enrolled");
    return account;
  }

  async function signIn({ account: subject, address, way }: Attempt): Promise<Answered> {
    const account = accountOf(subject);
    if (way === "passkey") {
      const opened = await post("/v1/challenges", { subject, source_ip: address, lane: { first_factor: true } });
      if (opened.status >= 300) return opened;
      const webauthn = account.passkey.authenticate(optionsIn(opened.body));
      return post("/v1/verify", { challenge: textIn(opened.body, "challenge"), webauthn });
    }
    const device = way === "known device" ? { device: account.device } : {};
    const first = way === "no password" ? {} : { first_factor: true };
    const answered = await post("/v1/verify", {
      subject,
      totp: nextCode(account),
      source_ip: address,
      ...first,
      ...device,
    });
    if (typeof answered.body.device === "string") account.device = answered.body.device;
    return answered;
  }

  /** A code that is never right: too short, so that no run depends on luck. It costs what any wrong code costs. */
  const guess = ({ account: subject, address, way }: Attempt) =>
    post("/v1/verify", {
      subject,
      totp: "00000",
      source_ip: address,
      ...(way === "no password" ? {} : { first_factor: true }),
    });

  return {
    name: "Countersign",
    clock,
    deps,
    databasePath: config.databasePath,
    apiKey,
    post,
    secrets,
    enrol,
    enrolApp: async (subject) => void (await enrolApp(subject)),
    attempt: async (attempt) => outcomeOf(await (attempt.isOwner ? signIn(attempt) : guess(attempt))),
    async liftAlarm() {
      await liftScanAlarm(deps, { ...by, nowMs: clock.now() }, { rpId: clientId, reason: "looked into" });
    },
    async alarmedAtMs() {
      const alarm = (await deps.store.audit.list({ kind: "guessing_alarm", limit: 500 })).at(-1);
      return alarm && alarm.atMs - (clock.now() - clock.sinceStart());
    },
    async close() {
      await deps.store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function outcomeOf({ status, retryAfterMs }: Answered): Outcome {
  if (status === 200) return { kind: "accepted", retryAfterMs };
  if (status === 429) return { kind: "refused", retryAfterMs };
  if (status === 403) return { kind: "wrong", retryAfterMs };
  throw new Error(`an answer that no sign-in has: ${status}`);
}
