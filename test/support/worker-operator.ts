import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { openBrowser, type Page, type PageBrowser, viewOf } from "./page-browser.ts";
import { client, type TestRelyingParty } from "./service.ts";
import type { RunningWorker } from "./worker-program.ts";

/** Follows an invitation's link in a new browser and enrols a passkey; `joined` is what that led to. */
export async function joinAsOwner(worker: RunningWorker, url: string): Promise<{ browser: PageBrowser; joined: Page }> {
  const browser = openBrowser(worker);
  const entered = await browser.enter(url);
  // The server's own options.
  const options = viewOf(entered, "admin", "invite").options as PublicKeyCredentialCreationOptionsJSON;
  const webauthn = JSON.stringify(browser.device.register(options));
  const joined = await browser.post("/admin/invite", { name: "Ada", webauthn });
  if (joined.location !== undefined) await browser.get(joined.location);
  return { browser, joined };
}

/** Signs in with the browser's passkey. */
export async function signIn(browser: PageBrowser): Promise<Page> {
  const page = await browser.get("/admin/sign-in");
  // The server's own options.
  const options = viewOf(page, "admin", "sign_in").options as PublicKeyCredentialRequestOptionsJSON;
  return browser.post("/admin/sign-in", { webauthn: JSON.stringify(browser.device.authenticate(options)) });
}

/** Registers a relying party as an owner does, on the page. */
export async function registerRelyingParty(worker: RunningWorker, owner: PageBrowser): Promise<TestRelyingParty> {
  await owner.get("/admin/relying-parties");
  const fields = { name: "Shop", redirect_uris: "http://localhost:3000/callback" };
  const shown = viewOf(await owner.post("/admin/relying-parties", fields), "admin", "relying_party");
  const { clientId = "", clientSecret = "", apiKey = "" } = shown.created ?? {};
  return { clientId, clientSecret, apiKey, post: client(worker.app, apiKey) };
}
