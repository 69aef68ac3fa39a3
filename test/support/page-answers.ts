import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { ChallengeView } from "../../src/http/pages/models.ts";
import { type EnrolledTotp, enrolTotp, type TotpApp, totpApp } from "./enrol.ts";
import { linkTo, openBrowser, type Page, type PageBrowser, viewOf } from "./page-browser.ts";
import type { Json, TestRelyingParty, TestService } from "./service.ts";
import type { VirtualAuthenticator } from "./virtual-authenticator.ts";

/** The form field of a passkey's answer to a challenge on a page. */
export function passkeyAnswer(device: VirtualAuthenticator, { webauthn }: ChallengeView): { webauthn: string } {
  // The server's own options.
  const options = webauthn?.options as PublicKeyCredentialRequestOptionsJSON;
  return { webauthn: JSON.stringify(device.authenticate(options)) };
}

/** The form field of a new passkey for the enrolment on a page. */
export function newPasskey(device: VirtualAuthenticator, page: Page): { webauthn: string } {
  // As above.
  const options = viewOf(page, "enrol", "passkey").passkey.options as PublicKeyCredentialCreationOptionsJSON;
  return { webauthn: JSON.stringify(device.register(options)) };
}

/** An authenticator app that has typed in the key on the page. */
export function appFrom(service: TestService, page: Page): TotpApp {
  return totpApp(service, viewOf(page, "enrol", "totp").totp.key.join(""));
}

/** A browser at the prompt, for a challenge just opened. */
export async function openPrompt(
  service: TestService,
  rp: TestRelyingParty,
  subject: string,
  { terms = {}, link = {}, address }: Readonly<{ terms?: Json; link?: Json; address?: string }> = {},
): Promise<Readonly<{ browser: PageBrowser; challenge: string; page: Page }>> {
  const opened = await rp.post("/v1/challenges", { subject, lane: { first_factor: true }, ...terms });
  if (opened.status !== 201) throw new Error(`no challenge: ${opened.text}`);
  const challenge = String(opened.body.challenge);
  const browser = openBrowser(service, address);
  const page = await browser.enter(await linkTo(rp, { page: "prompt", challenge, ...link }));
  return { browser, challenge, page };
}

/** A browser at the account page, not yet proven. */
export async function openAccount(
  service: TestService,
  rp: TestRelyingParty,
  subject: string,
  link: Json = {},
): Promise<Readonly<{ browser: PageBrowser; page: Page }>> {
  const browser = openBrowser(service);
  return { browser, page: await browser.enter(await linkTo(rp, { page: "account", subject, ...link })) };
}

/** A browser at the overview of a new subject, proven a moment ago with an authenticator app. */
export async function signInToAccount(
  service: TestService,
  rp: TestRelyingParty,
  subject = "alice",
): Promise<Readonly<{ browser: PageBrowser; app: EnrolledTotp; page: Page }>> {
  const app = await enrolTotp(service, rp, subject);
  const { browser } = await openAccount(service, rp, subject, { account_name: "alice@example.com" });
  const page = await browser.post("/account/verify", { totp: app.code() });
  viewOf(page, "account", "overview");
  return { browser, app, page };
}

/** A browser at the enrolment page. */
export async function openEnrolment(
  service: TestService,
  rp: TestRelyingParty,
  subject: string,
  link: Json = {},
): Promise<Readonly<{ browser: PageBrowser; page: Page }>> {
  const browser = openBrowser(service);
  return { browser, page: await browser.enter(await linkTo(rp, { page: "enrol", subject, ...link })) };
}

/** The kinds of audit events so far, oldest first. */
export async function auditKinds(service: TestService): Promise<readonly string[]> {
  await service.deps.store.committed();
  return (await service.deps.store.audit.listAfter(0, 1000)).map(({ kind }) => kind);
}
