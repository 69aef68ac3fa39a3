import { enrolPasskey, enrolTotp, openChallenge, prove, textIn } from "./enrol.ts";
import type { Answer, Json, TestRelyingParty, TestService } from "./service.ts";

/** Identifiers of people, as relying parties send them. */
export const REFERENCES = ["ada.lovelace@canary.example", "+4915112345678", "canary-user-name"];
const ACCOUNT_NAME = "ada-canary-account";
const PASSWORD = "Canary-Password-42!";
const ADDRESS = "203.0.113.77";
const IDEMPOTENCY_KEY = "canary-idempotency-key";

/** What was sent and handed out in confidence, to be found nowhere. */
export type Canaries = Readonly<{
  secrets: readonly string[];
  /** Every answer but those of enrolments, which show secrets once. */
  answers: readonly Answer[];
}>;

/** Takes the people through what a subject may go through in one life, over the API. */
export async function liveAll(service: TestService, rp: TestRelyingParty): Promise<Canaries> {
  const canaries = {
    secrets: [rp.apiKey, PASSWORD, ACCOUNT_NAME, ADDRESS, IDEMPOTENCY_KEY],
    answers: [] as Answer[],
  };
  for (const reference of REFERENCES) await live(service, rp, reference, canaries);
  await service.deps.store.committed();
  return canaries;
}

async function live(
  service: TestService,
  rp: TestRelyingParty,
  subject: string,
  { secrets, answers }: { secrets: string[]; answers: Answer[] },
): Promise<void> {
  const post = async (path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> => {
    const answer = await rp.post(path, body, headers);
    answers.push(answer);
    return answer;
  };
  const noted = { ...rp, post };
  await rp.post("/v1/enrolments", { subject, method: "totp", account_name: ACCOUNT_NAME });
  const totp = await enrolTotp(service, rp, subject);
  secrets.push(totp.secret, ...totp.recoveryCodes);
  const remembered = await post("/v1/verify", { subject, totp: totp.code(), remember_device: true, receipt: true });
  const device = textIn(remembered, "device");
  const rotated = await post("/v1/verify", { subject, totp: totp.next(), device, source_ip: ADDRESS });
  secrets.push(tokenIn(device), tokenIn(textIn(rotated, "device")));
  const proof = await prove(noted, subject, { totp: totp.next() });
  const passkey = await enrolPasskey(service, rp, subject, { proof });
  const opened = await openChallenge(noted, subject);
  await post("/v1/verify", { challenge: opened.body.challenge, webauthn: passkey.answer(opened) });
  const key = { "idempotency-key": IDEMPOTENCY_KEY };
  await post("/v1/verify", { subject, recovery_code: totp.recoveryCodes[0] }, key);
  await post("/v1/verify", { subject, recovery_code: totp.recoveryCodes[0] }, key);
  await post("/v1/verify", { subject, recovery_code: `${totp.recoveryCodes[1]?.slice(0, -1)}u` });
  await post("/v1/verify", { subject, totp: totp.wrong(), extra: PASSWORD });
  await post("/v1/verify", { subject, totp: [totp.code()] });
  await post("/v1/challenges", { subject, acr: "phrh" });
  await post("/v1/authenticators/list", { subject });
  await post("/v1/subjects/status", { subject });
  await post("/v1/passwords/assess", { password: PASSWORD, context: [subject] });
  const link: Json = { page: "account", subject, account_name: ACCOUNT_NAME };
  secrets.push(tokenIn(textIn(await rp.post("/v1/links", link), "url")));
  await post("/v1/events/list", {});
}

/** The random part at the end of a link or device token. */
function tokenIn(text: string): string {
  return text.slice(-43);
}
