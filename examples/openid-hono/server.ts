/**
 * A relying party in one file: Hono, and `openid-client` as the only thing that knows of Countersign. People sign in here
 * by name (where yours checks a password), and the payments page asks Countersign for a second factor.
 */
import { randomBytes } from "node:crypto";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import * as client from "openid-client";

export type LedgerOptions = Readonly<{
  port: number;
  /** Countersign, as this process and browsers both reach it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}>;

type Asked = Readonly<{ verifier: string; state: string; nonce: string }>;
type Session = { user: string; asked?: Asked; proof?: Readonly<{ acr: string; atSeconds: number }> };

const COOKIE = "ledger";
/** What is enough for payments, best first, and for how long. */
const ACR_VALUES = "phr urn:countersign:acr:otp";
const MAX_AGE_SECONDS = 300;

/** Starts the ledger; its redirect URI is `http://localhost:<port>/callback`. */
export async function startLedger(options: LedgerOptions): Promise<{ url: string; close(): void }> {
  const url = `http://localhost:${options.port}`;
  // Over plain http on localhost only; signatures are checked although TLS would do.
  const execute = [client.enableNonRepudiationChecks];
  if (new URL(options.issuer).protocol === "http:") execute.push(client.allowInsecureRequests);
  const authentication = client.ClientSecretBasic(options.clientSecret);
  const config = await client.discovery(new URL(options.issuer), options.clientId, undefined, authentication, {
    execute,
  });
  const server = serve({ fetch: createLedger(config, `${url}/callback`).fetch, port: options.port });
  return { url, close: () => void server.close() };
}

function createLedger(config: client.Configuration, redirectUri: string): Hono {
  const sessions = new Map<string, Session>();
  const sessionOf = (c: Context) => sessions.get(getCookie(c, COOKIE) ?? "");
  const app = new Hono();

  app.get("/", (c) => {
    const session = sessionOf(c);
    if (session) return c.html(page(html`<p>Hello, ${session.user}.</p><a href="/payments">Payments</a>`));
    return c.html(
      page(
        html`<form method="post" action="/sign-in"><label>Name <input name="user" /></label><button>Sign in</button></form>`,
      ),
    );
  });

  app.post("/sign-in", async (c) => {
    const { user } = await c.req.parseBody();
    if (typeof user !== "string" || user === "") return c.redirect("/", 303);
    return openSession(c, sessions, { user });
  });

  app.get("/payments", async (c) => {
    const session = sessionOf(c);
    if (!session) return c.redirect("/", 303);
    if (isProven(session)) return c.html(page(html`<p id="payments">Payments, by ${session.proof?.acr}</p>`));
    const { asked, url } = await askForProof(config, redirectUri, session.user);
    session.asked = asked;
    return c.redirect(url.href, 303);
  });

  // What a resource server says when a proof is missing (RFC 9470 §3).
  app.get("/api/payments", (c) => {
    const session = sessionOf(c);
    if (session && isProven(session)) return c.json({ payments: [] });
    c.header(
      "WWW-Authenticate",
      `Bearer error="insufficient_user_authentication", error_description="A fresh second factor is needed", acr_values="${ACR_VALUES}", max_age="${MAX_AGE_SECONDS}"`,
    );
    return c.json({ error: "insufficient_user_authentication" }, 401);
  });

  app.get("/callback", async (c) => {
    const session = sessionOf(c);
    if (!session?.asked) return c.redirect("/", 303);
    const { verifier, state, nonce } = session.asked;
    session.asked = undefined;
    try {
      const answer = new URL(`${redirectUri}${new URL(c.req.url).search}`);
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const claims = (await client.authorizationCodeGrant(config, answer, checks)).claims();
      // Anything but a level that was asked for is a refusal.
      if (typeof claims?.acr !== "string" || !ACR_VALUES.split(" ").includes(claims.acr)) throw new Error("too weak");
      const proof = { acr: claims.acr, atSeconds: claims.auth_time ?? claims.iat };
      return openSession(c, sessions, { user: session.user, proof }, "/payments");
    } catch {
      return c.html(page(html`<p id="refused">Not confirmed. <a href="/payments">Try again</a></p>`), 403);
    }
  });

  return app;
}

/** The request goes from server to server; the browser carries nothing but a reference to it. */
async function askForProof(
  config: client.Configuration,
  redirectUri: string,
  user: string,
): Promise<Readonly<{ asked: Asked; url: URL }>> {
  const asked = {
    verifier: client.randomPKCECodeVerifier(),
    state: client.randomState(),
    nonce: client.randomNonce(),
  };
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirectUri,
    scope: "openid",
    login_hint: user,
    acr_values: ACR_VALUES,
    max_age: String(MAX_AGE_SECONDS),
    code_challenge: await client.calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: "S256",
    state: asked.state,
    nonce: asked.nonce,
    // The name was just checked here, and whoever has no second factor yet may set one up.
    first_factor: "true",
    enrol: "true",
  });
  return { asked, url };
}

function isProven({ proof }: Session): boolean {
  return proof !== undefined && Date.now() / 1000 - proof.atSeconds < MAX_AGE_SECONDS;
}

/** A new session id at every rise in what the session may do. */
function openSession(c: Context, sessions: Map<string, Session>, session: Session, to = "/"): Response {
  sessions.delete(getCookie(c, COOKIE) ?? "");
  const id = randomBytes(32).toString("base64url");
  sessions.set(id, session);
  setCookie(c, COOKIE, id, { httpOnly: true, sameSite: "Lax", path: "/" });
  return c.redirect(to, 303);
}

function page(body: ReturnType<typeof html>) {
  return html`<!doctype html><html lang="en"><title>Ledger</title><h1>Ledger</h1>${body}</html>`;
}

if (import.meta.main) {
  const { COUNTERSIGN_URL = "http://localhost:8787", CLIENT_ID = "", CLIENT_SECRET = "" } = process.env;
  const options = { port: 3000, issuer: COUNTERSIGN_URL, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  console.log(`The ledger is at ${(await startLedger(options)).url}`);
}
