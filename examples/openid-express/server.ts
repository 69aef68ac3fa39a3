/**
 * A relying party in one file: Express, Passport and the strategy that comes with `openid-client`. People sign in here by
 * name (where yours checks a password); the vault asks Countersign for a second factor.
 */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import express, { type Request } from "express";
import session from "express-session";
import * as client from "openid-client";
import { Strategy } from "openid-client/passport";
import passport from "passport";

export type VaultOptions = Readonly<{
  port: number;
  /** Countersign, as this process and browsers both reach it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}>;

declare module "express-session" {
  interface SessionData {
    /** Who signed in by the first factor. */
    name?: string;
  }
}

/** What Countersign has confirmed. */
type Proof = Readonly<{ sub: string; acr: string }>;

/** Adds to each request whom it is about and what it needs; everything else the strategy does by itself. */
class StepUp extends Strategy {
  override authorizationRequestParams(request: Request) {
    return {
      login_hint: request.session.name ?? "",
      acr_values: "phr urn:countersign:acr:otp",
      prompt: "login",
      state: client.randomState(),
      first_factor: "true",
      enrol: "true",
    };
  }
}

/** Starts the vault; its redirect URI is `http://localhost:<port>/callback`. */
export async function startVault(options: VaultOptions): Promise<{ url: string; close(): void }> {
  const url = `http://localhost:${options.port}`;
  const execute = [client.enableNonRepudiationChecks];
  if (new URL(options.issuer).protocol === "http:") execute.push(client.allowInsecureRequests);
  const authentication = client.ClientSecretBasic(options.clientSecret);
  const config = await client.discovery(new URL(options.issuer), options.clientId, undefined, authentication, {
    execute,
  });
  const strategy = new StepUp(
    { name: "countersign", config, scope: "openid", callbackURL: `${url}/callback`, usePAR: true },
    (tokens, verified) => {
      const claims = tokens.claims();
      verified(null, typeof claims?.acr === "string" ? { sub: claims.sub, acr: claims.acr } : false);
    },
  );
  const server = await listen(createVault(new passport.Passport().use(strategy)), options.port);
  return { url, close: () => void server.close() };
}

function createVault(authenticator: passport.Authenticator): express.Express {
  authenticator.serializeUser((user, done) => done(null, user));
  authenticator.deserializeUser((user: Express.User, done) => done(null, user));
  const app = express();
  const secret = randomBytes(32).toString("hex");
  app.use(session({ secret, resave: false, saveUninitialized: false, cookie: { sameSite: "lax", httpOnly: true } }));
  app.use(authenticator.session());
  app.use(express.urlencoded({ extended: false }));

  app.get("/", (request, response) => {
    const form =
      '<form method="post" action="/sign-in"><label>Name <input name="name"></label><button>Sign in</button></form>';
    response.send(page(request.session.name === undefined ? form : '<a href="/vault">Vault</a>'));
  });

  app.post("/sign-in", (request, response) => {
    const { name } = request.body;
    request.session.regenerate(() => {
      if (typeof name === "string" && name !== "") request.session.name = name;
      response.redirect(303, "/");
    });
  });

  app.get("/vault", (request, response, next) => {
    if (request.session.name === undefined) return response.redirect(303, "/");
    if (!request.isAuthenticated()) return authenticator.authenticate("countersign")(request, response, next);
    // Written by the strategy's callback.
    const { acr } = request.user as Proof;
    return response.send(page(`<p id="vault">Open, by ${acr}</p>`));
  });

  app.get(
    "/callback",
    authenticator.authenticate("countersign", {
      successRedirect: "/vault",
      failureRedirect: "/refused",
      keepSessionInfo: true,
    }),
  );
  app.get("/refused", (_, response) => {
    response.status(403).send(page('<p id="refused">Not confirmed. <a href="/vault">Try again</a></p>'));
  });
  return app;
}

function listen(app: express.Express, port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = app.listen(port, () => resolve(server));
  });
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><title>Vault</title><h1>Vault</h1>${body}</html>`;
}

if (import.meta.main) {
  const { COUNTERSIGN_URL = "http://localhost:8787", CLIENT_ID = "", CLIENT_SECRET = "" } = process.env;
  const options = { port: 3000, issuer: COUNTERSIGN_URL, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  console.log(`The vault is at ${(await startVault(options)).url}`);
}
