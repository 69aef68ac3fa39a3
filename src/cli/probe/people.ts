import { randomBytes } from "node:crypto";
import { totpHmac } from "../../crypto/hmac.ts";
import { fromBase32 } from "../../domain/encoding.ts";
import { stepAt, totpCode } from "../../methods/totp.ts";
import { RefusedError } from "../command.ts";
import { type Api, type Json, membersOf, textIn } from "./api.ts";
import { createPasskey } from "./software-passkey.ts";

/** What a subject that the probe makes can be. */
export const STATES = ["unknown", "app", "passkey", "several", "erased"] as const;
export type State = (typeof STATES)[number];

export type People = Readonly<{
  /** So many new subjects of a state. */
  make: (state: State, count: number) => Promise<readonly string[]>;
  /** Erases every subject that was made. */
  erase: () => Promise<void>;
}>;

/** Makes subjects through the API, under names that nobody has. `origin` is that of the hosted pages. */
export function people(api: Api, origin: string): People {
  const made: string[] = [];

  async function makeOne(state: State): Promise<string> {
    const subject = `probe-${randomBytes(12).toString("hex")}`;
    if (state === "unknown") return subject;
    made.push(subject);
    if (state === "app" || state === "erased") await enrolApp(api, subject);
    else await enrolPasskey(api, subject, origin, state === "several");
    if (state === "erased") await eraseOne(api, subject);
    return subject;
  }

  return {
    async make(state, count) {
      const subjects: string[] = [];
      while (subjects.length < count) subjects.push(await makeOne(state));
      return subjects;
    },
    async erase() {
      for (const subject of made) await eraseOne(api, subject);
    },
  };
}

async function eraseOne(api: Api, subject: string): Promise<void> {
  await api.call("/v1/subjects/delete", { subject, reason: "made by countersign probe" });
}

async function enrolApp(api: Api, subject: string, proof?: string): Promise<void> {
  const started = await api.call("/v1/enrolments", {
    subject,
    method: "totp",
    ...(proof === undefined ? {} : { proof }),
  });
  await confirm(api, started, { totp: currentCode(String(memberOf(started.totp, "uri"))) });
}

async function enrolPasskey(api: Api, subject: string, origin: string, thenApp: boolean): Promise<void> {
  const passkey = createPasskey(origin);
  const started = await api.call("/v1/enrolments", { subject, method: "webauthn" });
  const created = passkey.register(optionsIn(started));
  await confirm(api, started, { webauthn: created });
  if (!thenApp) return;
  const opened = await api.call("/v1/challenges", { subject });
  const challenge = textIn(opened, "challenge");
  await api.call("/v1/verify", { challenge, webauthn: passkey.authenticate(optionsIn(opened)) });
  await enrolApp(api, subject, challenge);
}

async function confirm(api: Api, started: Json, answer: Json): Promise<void> {
  await api.call(`/v1/enrolments/${textIn(started, "enrolment")}/confirm`, answer);
}

/** The options of a ceremony in an answer of the API. */
export function optionsIn(answer: Json) {
  const options = memberOf(answer.webauthn, "options");
  if (typeof options !== "object" || options === null)
    throw new RefusedError("The server offered no passkey ceremony.");
  // Whether the ceremony is one, the server finds out from what is made of it.
  return options as Parameters<ReturnType<typeof createPasskey>["authenticate"]>[0];
}

function memberOf(value: unknown, name: string): unknown {
  return membersOf(JSON.stringify(value))[name];
}

/** What an authenticator app shows now for this otpauth link. */
function currentCode(uri: string): string {
  const said = new URL(uri).searchParams;
  const secret = fromBase32(said.get("secret") ?? "");
  if (secret === undefined) throw new RefusedError("The server's otpauth link has no secret.");
  const [algorithm, digits] = [said.get("algorithm") ?? "SHA1", said.get("digits") ?? "6"];
  if (algorithm !== "SHA1" && algorithm !== "SHA256" && algorithm !== "SHA512") {
    throw new RefusedError("The server's otpauth link names a hash that nobody knows.");
  }
  const key = { secret, algorithm, digits: digits === "8" ? 8 : 6, periodSeconds: 30 } as const;
  const period = Number(said.get("period") ?? 30);
  return totpCode(key, stepAt(Date.now(), period), totpHmac);
}
