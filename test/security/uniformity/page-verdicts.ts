import { inviteAdministrator } from "../../../src/flows/admin-invite.ts";
import { enrolTotp, openChallenge } from "../../support/enrol.ts";
import { openPrompt, signInToAccount } from "../../support/page-answers.ts";
import { linkTo, openBrowser, type PageBrowser } from "../../support/page-browser.ts";
import { createAuthenticator } from "../../support/virtual-authenticator.ts";
import { push } from "./api-verdicts.ts";
import { type Look, lookOf } from "./look.ts";
import type { Town } from "./people.ts";
import type { AskAbout, AskWrongly, Verdict } from "./verdict.ts";

const NOBODYS_TOKEN = "A".repeat(43);
/** What everybody, and every decoy, has. */
const FOR_ALL = { methods: ["recovery_code"] };

/** A question at the prompt, for a challenge opened for the subject. */
const atPrompt =
  (ask: (browser: PageBrowser) => ReturnType<PageBrowser["get"]>, terms = FOR_ALL): AskAbout =>
  async ({ service, rp }, subject) => {
    const { browser } = await openPrompt(service, rp, subject, { terms });
    return lookOf(await ask(browser));
  };

const get = (path: string, terms?: typeof FOR_ALL) => atPrompt((browser) => browser.get(path), terms);
const post = (path: string, fields: Readonly<Record<string, string>> = {}) =>
  atPrompt((browser) => browser.post(path, fields));
const WAY_BACK = "leads back to the page of its session, whatever that is";

/** A form that changes one of one's own authenticators, about one that is not. */
const atAccount = (path: string): Readonly<Record<string, AskWrongly>> => {
  const ask = async ({ service, rp }: Town, subject: string, authenticator: string): Promise<Look> => {
    const { browser } = await signInToAccount(service, rp, subject);
    return lookOf(await browser.post(path, { authenticator, label: "x" }));
  };
  const name = path.replaceAll("/", "-");
  return {
    "nobody's": async (town) => ask(town, `one${name}`, `au_${"0".repeat(26)}`),
    "no id": async (town) => ask(town, `two${name}`, "x"),
    "somebody else's": async (town) => {
      const { id } = await enrolTotp(town.service, town.rp, `else${name}`);
      return ask(town, `six${name}`, id);
    },
  };
};

async function enter(town: Town, token: string): Promise<Look> {
  return lookOf(await openBrowser(town.service).get(`/enter/${token}`));
}

const authorizing =
  (method: "get" | "post"): AskAbout =>
  async (town, subject) => {
    const { request_uri } = (await push(town, subject)).body;
    return authorize(town, method, { client_id: town.rp.clientId, request_uri: String(request_uri) });
  };

async function authorize({ service }: Town, method: "get" | "post", fields: Record<string, string>): Promise<Look> {
  const browser = openBrowser(service);
  if (method === "get") return lookOf(await browser.get(`/oidc/authorize?${new URLSearchParams(fields)}`));
  return lookOf(await browser.post("/oidc/authorize", fields, { plain: true }));
}

const authorizeWrongly = (method: "get" | "post"): Readonly<Record<string, AskWrongly>> => ({
  "nobody's": async (town) => {
    const request_uri = `urn:ietf:params:oauth:request_uri:${NOBODYS_TOKEN}`;
    return authorize(town, method, { client_id: town.rp.clientId, request_uri });
  },
  "another client's": async (town) => {
    const { request_uri } = (await push(town, "app")).body;
    return authorize(town, method, { client_id: town.other.clientId, request_uri: String(request_uri) });
  },
});

async function invite({ service }: Town, token: string): Promise<Look> {
  return lookOf(await openBrowser(service).get(`/admin/invite/${token}`));
}

const OWN_SET_UP =
  "acts on the set-up of its session, whose link is given to somebody without authenticators, or after a proof";
const OWN_ACCOUNT = "acts for the person of its session, once they have shown an authenticator; before, it is /account";
const FOR_ADMINISTRATORS = "takes ids of relying parties, keys or administrators, from administrators only";

/** The pages for people and for administrators. */
export const PAGE_VERDICTS: Readonly<Record<string, Verdict>> = {
  "GET /enter/:token": {
    alike: {
      "a link to the prompt": async ({ service, rp }, subject) => {
        const { challenge } = (await openChallenge(rp, subject, FOR_ALL)).body;
        const link = await linkTo(rp, { page: "prompt", challenge });
        return lookOf(await openBrowser(service).get(new URL(link).pathname));
      },
      "a link to the account": async ({ service, rp }, subject) =>
        lookOf(await openBrowser(service).get(new URL(await linkTo(rp, { page: "account", subject })).pathname)),
    },
    wrong: {
      link: {
        "nobody's": async (town) => enter(town, NOBODYS_TOKEN),
        nonsense: async (town) => enter(town, "x"),
        used: async (town) => {
          const { pathname } = new URL(await linkTo(town.rp, { page: "account", subject: "app" }));
          await openBrowser(town.service).get(pathname);
          return enter(town, pathname.replace("/enter/", ""));
        },
        "too old": async (town) => {
          const { pathname } = new URL(await linkTo(town.rp, { page: "account", subject: "app" }));
          town.service.clock.advance(11 * 60_000);
          return enter(town, pathname.replace("/enter/", ""));
        },
      },
    },
  },
  "GET /oidc/authorize": { alike: { "a request": authorizing("get") }, wrong: { request: authorizeWrongly("get") } },
  "POST /oidc/authorize": { alike: { "a request": authorizing("post") }, wrong: { request: authorizeWrongly("post") } },
  "GET /prompt": {
    alike: { "for a recovery code": get("/prompt"), "another method": get("/prompt?method=totp") },
    drawn: async ({ service, rp }, subject) => lookOf((await openPrompt(service, rp, subject)).page),
  },
  "POST /prompt": {
    alike: {
      "a wrong recovery code": post("/prompt", { recovery_code: "0000-0000-0000-0000-0000-0000" }),
      "a code that was not asked for": post("/prompt", { totp: "123456" }),
      "nonsense for a passkey": post("/prompt", { webauthn: "{}" }),
      nothing: post("/prompt"),
    },
  },
  "POST /prompt/restart": { alike: { "one that is open": post("/prompt/restart") } },
  "POST /prompt/cancel": { alike: { "one that is open": post("/prompt/cancel") } },
  "POST /prompt/help": { alike: { "one that is open": post("/prompt/help") } },
  "POST /prompt/continue": { alike: { "one that is open": post("/prompt/continue") } },
  "POST /prompt/passkey-fault": {
    alike: { "one that is open": post("/prompt/passkey-fault", { error: "DataError" }) },
  },
  "GET /account": {
    tells: "to whom the relying party vouches for, by leading to the first set-up; counted by the scan alarm",
  },
  "POST /account/verify": { tells: "as /account does, whose page it shows" },
  "POST /account/rename": { wrong: { authenticator: atAccount("/account/rename") } },
  "POST /account/remove": { wrong: { authenticator: atAccount("/account/remove") } },
  ...none(OWN_ACCOUNT, [
    "POST /account/add",
    "POST /account/passkey-fault",
    "GET /account/remove",
    "POST /account/recovery-codes",
    "POST /account/saved",
    "POST /account/remind-later",
    "POST /account/suspicion",
    "POST /account/not-me",
    "POST /account/sign-out",
    "POST /account/finish",
  ]),
  ...none(OWN_SET_UP, [
    "GET /enrol",
    "POST /enrol/method",
    "POST /enrol/passkey-fault",
    "POST /enrol/totp",
    "POST /enrol/passkey",
    "POST /enrol/codes",
    "POST /enrol/back",
    "POST /enrol/saved",
    "POST /enrol/finish",
  ]),
  ...none(WAY_BACK, [
    ...["method", "totp", "passkey", "codes", "back", "saved", "finish", "passkey-fault"].map(
      (form) => `GET /enrol/${form}`,
    ),
    ...["restart", "cancel", "help", "continue", "passkey-fault"].map((form) => `GET /prompt/${form}`),
    ...["verify", "add", "rename", "recovery-codes", "saved", "remind-later"].map((form) => `GET /account/${form}`),
    ...["suspicion", "not-me", "sign-out", "finish", "passkey-fault"].map((form) => `GET /account/${form}`),
  ]),
  "GET /admin/invite/:token": {
    wrong: {
      invitation: {
        "nobody's": async (town) => invite(town, NOBODYS_TOKEN),
        nonsense: async (town) => invite(town, "x"),
        "too old": async (town) => {
          const by = { actor: "cli", requestId: "req_test", nowMs: town.service.clock.now() };
          const { url } = await inviteAdministrator(town.service.deps, by, { name: "Ada", role: "auditor" });
          town.service.clock.advance(25 * 60 * 60_000);
          return invite(town, url.split("/").at(-1) ?? "");
        },
      },
    },
  },
  "POST /admin/sign-in": {
    wrong: {
      passkey: { nonsense: async (town) => signIn(town, "x"), "a stranger's": async (town) => signIn(town) },
    },
  },
  ...none("shows what the session is about: an invitation that was followed, or a question that is nobody's", [
    "GET /admin/sign-in",
    "GET /admin/invite",
    "POST /admin/invite",
    "GET /admin/passkey-fault",
    "POST /admin/passkey-fault",
  ]),
  "POST /admin/subjects": {
    tells: "to administrators, each look written down; a subject who does not exist looks like one without anything",
  },
  ...none("takes what its own page has sealed for this session, from administrators only", [
    "POST /admin/help/open",
    "POST /admin/help/handled",
    "POST /admin/subjects/reset",
    "POST /admin/subjects/lift",
  ]),
  ...none(FOR_ADMINISTRATORS, [
    "GET /admin",
    "POST /admin/sign-out",
    "GET /admin/subjects",
    "GET /admin/help",
    "POST /admin/guessing/lift",
    "GET /admin/relying-parties",
    "POST /admin/relying-parties",
    "GET /admin/relying-parties/:id",
    "POST /admin/relying-parties/:id/keys",
    "POST /admin/relying-parties/:id/keys/:key/revoke",
    "POST /admin/relying-parties/:id/revoke",
    "POST /admin/relying-parties/:id/lift",
    "POST /admin/relying-parties/:id/limit",
    "GET /admin/administrators",
    "POST /admin/administrators",
    "GET /admin/administrators/:id",
    "POST /admin/administrators/:id/remove",
    "GET /admin/audit",
  ]),
  ...none("is the same for everybody", [
    "GET /health/live",
    "GET /health/ready",
    "GET /.well-known/jwks.json",
    "GET /.well-known/webauthn",
    "GET /.well-known/webauthn/:realm",
    "GET /.well-known/passkey-endpoints",
    "GET /.well-known/openid-configuration",
    "GET /openapi.json",
    "GET /reference",
    "GET /reference.css",
    "GET /reference/password-field",
    "GET /countersign-password.js",
    "GET /brand/:realm/:version/logo",
    "GET /brand/:realm/:version/accent.css",
    "GET /assets/*",
    "POST /csp-report",
    "GET /range/:prefix",
    "OPTIONS /range/:prefix",
  ]),
};

async function signIn({ service }: Town, webauthn?: string): Promise<Look> {
  const browser = openBrowser(service);
  const { model } = await browser.get("/admin/sign-in");
  const { challenge } = Object(model.options);
  return lookOf(await browser.post("/admin/sign-in", { webauthn: webauthn ?? strangersAnswer(service, challenge) }));
}

function strangersAnswer(service: Town["service"], challenge: string): string {
  const device = createAuthenticator({ rpId: "localhost", origin: service.config.publicUrl });
  const user = { id: "AAAA", name: "", displayName: "" };
  const pubKeyCredParams = [{ type: "public-key", alg: -7 }] as const;
  device.register({
    challenge: "AAAA",
    rp: { id: "localhost", name: "" },
    user,
    pubKeyCredParams: [...pubKeyCredParams],
  });
  return JSON.stringify(device.authenticate({ challenge, rpId: "localhost" }));
}

function none(why: string, routes: readonly string[]): Record<string, Verdict> {
  return Object.fromEntries(routes.map((route) => [route, { none: why }]));
}
