import * as client from "openid-client";
import { openBrowser, type Page, type PageBrowser, RETURN_URL } from "./page-browser.ts";
import { type Answer, readAnswer, type TestRelyingParty, type TestService } from "./service.ts";

/** What openid-client talks to. */
type Service = Readonly<{
  config: Pick<TestService["config"], "publicUrl">;
  app: Readonly<{ request: (path: string, init?: RequestInit) => Response | Promise<Response> }>;
  clock: Readonly<{ now: () => number }>;
}>;

/** What openid-client checks an answer against. */
export type Sent = Readonly<{ url: URL; verifier: string; state: string; nonce: string }>;

/** A relying party that speaks OpenID Connect by a certified library, with signatures checked. */
export type OpenidParty = Readonly<{
  rp: TestRelyingParty;
  /** The library's configuration. */
  now: () => client.Configuration;
  /** Pushes a request for a subject; `parameters` are added to what every request has. */
  push: (subject: string, parameters?: Readonly<Record<string, string>>) => Promise<Sent>;
  /** Exchanges the code that the browser came back with. */
  redeem: (location: string | undefined, sent: Sent) => ReturnType<typeof client.authorizationCodeGrant>;
}>;

/** A client of the service in this process, whose clock may be another, or of one that runs elsewhere. */
export async function openidParty(
  service: Service,
  rp: TestRelyingParty,
  authentication: client.ClientAuth = client.ClientSecretBasic(rp.clientSecret),
): Promise<OpenidParty> {
  const issuer = new URL(service.config.publicUrl);
  const fetchHere: client.CustomFetch = async (url, { headers, method, body }) =>
    service.app.request(pathOf(url), {
      headers,
      method,
      body: body instanceof URLSearchParams ? body.toString() : null,
    });
  const skew = () => Math.round((service.clock.now() - Date.now()) / 1000);
  const discovered = await client.discovery(issuer, rp.clientId, undefined, authentication, {
    execute: [client.allowInsecureRequests],
    [client.customFetch]: fetchHere,
  });
  /** As discovered, on the clock of this moment. */
  const now = () => {
    const metadata = { [client.clockSkew]: skew() };
    const config = new client.Configuration(discovered.serverMetadata(), rp.clientId, metadata, authentication);
    config[client.customFetch] = fetchHere;
    client.allowInsecureRequests(config);
    client.enableNonRepudiationChecks(config);
    return config;
  };
  return {
    rp,
    now,
    async push(subject, parameters = {}) {
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const url = await client.buildAuthorizationUrlWithPAR(now(), {
        redirect_uri: RETURN_URL,
        scope: "openid",
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        login_hint: subject,
        state,
        nonce,
        ...parameters,
      });
      return { url, verifier, state, nonce };
    },
    redeem(location, { verifier, state, nonce }) {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      return client.authorizationCodeGrant(now(), new URL(location ?? ""), checks);
    },
  };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Follows an authorization URL in a new browser to the page behind it. */
export async function openAuthorization(
  service: Pick<Service, "app" | "config">,
  { url }: Pick<Sent, "url">,
): Promise<Readonly<{ browser: PageBrowser; page: Page }>> {
  const browser = openBrowser(service);
  const first = await browser.get(url.pathname + url.search);
  const isOurs = first.location?.startsWith("/") ?? false;
  return { browser, page: isOurs && first.location !== undefined ? await browser.get(first.location) : first };
}

/** Posts a form as a client does, with nobody's library in between. */
export async function postForm(
  service: TestService,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await service.app.request(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });
  return readAnswer(response);
}

/** The Authorization header of client_secret_basic. */
export function basicOf({ clientId, clientSecret }: TestRelyingParty): Record<string, string> {
  return { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` };
}
