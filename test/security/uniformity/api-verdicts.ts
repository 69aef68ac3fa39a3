import { enrolTotp, openChallenge, prove, textIn } from "../../support/enrol.ts";
import { basicOf, postForm } from "../../support/openid-party.ts";
import { RETURN_URL } from "../../support/page-browser.ts";
import type { Json, TestRelyingParty } from "../../support/service.ts";
import { createAuthenticator } from "../../support/virtual-authenticator.ts";
import { type Look, lookOf } from "./look.ts";
import type { Town } from "./people.ts";
import type { AskAbout, AskWrongly, Verdict } from "./verdict.ts";

const NO_CHALLENGE = `ch_${"0".repeat(26)}`;
const NO_AUTHENTICATOR = `au_${"0".repeat(26)}`;
const NO_ENROLMENT = `en_${"0".repeat(26)}`;
const NO_CODE = "0000-0000-0000-0000-0000-0000";
/** What everybody, and every decoy, has. */
const FOR_ALL = { methods: ["recovery_code"], lane: { first_factor: true } };

const about =
  (path: string, body: Json): AskAbout =>
  async ({ rp }, subject) =>
    lookOf(await rp.post(path, { subject, ...body }));

/** An answer to a challenge that was opened for the subject. */
const toChallenge =
  (path: string, answer: Json): AskAbout =>
  async ({ rp }, subject) => {
    const { challenge } = (await openChallenge(rp, subject, FOR_ALL)).body;
    return lookOf(await rp.post(path, { challenge, ...answer }));
  };

/** A passkey's answer by somebody else's passkey: to whom it belongs makes no difference. */
const strangersPasskey: AskAbout = async ({ service, rp }, subject) => {
  const { challenge } = (await openChallenge(rp, subject, FOR_ALL)).body;
  const started = await rp.post("/v1/enrolments", { subject: "passkey-of-a-stranger", method: "webauthn" });
  const device = createAuthenticator({ rpId: "localhost", origin: service.config.publicUrl });
  device.register(JSON.parse(started.text).webauthn.options);
  const webauthn = device.authenticate({ challenge: "AAAA", rpId: "localhost", allowCredentials: [] });
  return lookOf(await rp.post("/v1/verify", { challenge, webauthn }));
};

/** The same with a challenge that is not the caller's to answer. */
function challenges(ask: (rp: TestRelyingParty, challenge: unknown) => Promise<Look>): Record<string, AskWrongly> {
  const opened = async ({ other }: Town, subject: string) => (await openChallenge(other, subject)).body.challenge;
  return {
    "nobody's": async ({ rp }) => ask(rp, NO_CHALLENGE),
    "another relying party's, for somebody known": async (town) => ask(town.rp, await opened(town, "app")),
    "another relying party's, for nobody": async (town) => ask(town.rp, await opened(town, "unknown")),
  };
}

/** The same with an authenticator that is not the subject's to be named. */
function authenticators(ask: (town: Town, authenticator: string) => Promise<Look>): Record<string, AskWrongly> {
  const first = async ({ rp }: Town, subject: string) => {
    const { body } = await rp.post("/v1/authenticators/list", { subject });
    return String(Object(body.authenticators)[0].id);
  };
  return {
    "nobody's": async (town) => ask(town, NO_AUTHENTICATOR),
    "somebody else's": async (town) => ask(town, await first(town, "several")),
    revoked: async (town) => ask(town, await revokedOf(town)),
  };
}

async function revokedOf({ service, rp }: Town): Promise<string> {
  const app = await enrolTotp(service, rp, "leaver");
  const proof = await prove(rp, "leaver", { totp: app.code() });
  await rp.post("/v1/authenticators/revoke", { subject: "leaver", authenticator: app.id, proof });
  return app.id;
}

const confirming =
  (make: (town: Town) => Promise<unknown>): AskWrongly =>
  async (town) =>
    lookOf(await town.rp.post(`/v1/enrolments/${await make(town)}/confirm`, { totp: "123456" }));

async function startedBy(rp: TestRelyingParty, subject: string): Promise<string> {
  return textIn(await rp.post("/v1/enrolments", { subject, method: "totp" }), "enrolment");
}

const TELLS_BY_SCOPE = "to a key with a scope of its own; unknown subjects are counted by the scan alarm";

/** The API of relying parties. */
export const API_VERDICTS: Readonly<Record<string, Verdict>> = {
  "POST /v1/verify": {
    alike: {
      "a wrong code": about("/v1/verify", { totp: "123456" }),
      "a wrong code after the password": about("/v1/verify", { totp: "123456", first_factor: true }),
      "a malformed code": about("/v1/verify", { totp: "x" }),
      "a wrong recovery code": about("/v1/verify", { recovery_code: NO_CODE }),
      "a wrong recovery code to a challenge": toChallenge("/v1/verify", { recovery_code: NO_CODE }),
      "a code to a challenge that takes none": toChallenge("/v1/verify", { totp: "123456" }),
      "nonsense for a passkey": toChallenge("/v1/verify", { webauthn: {} }),
      "somebody else's passkey": strangersPasskey,
    },
    wrong: {
      challenge: challenges(async (rp, challenge) =>
        lookOf(await rp.post("/v1/verify", { challenge, totp: "123456" })),
      ),
    },
  },
  "POST /v1/challenges": {
    alike: { "for a recovery code": about("/v1/challenges", FOR_ALL) },
    drawn: about("/v1/challenges", { lane: { first_factor: true } }),
  },
  "POST /v1/challenges/redeem": {
    alike: { "one that is not answered": toChallenge("/v1/challenges/redeem", {}) },
    wrong: {
      challenge: challenges(async (rp, challenge) => lookOf(await rp.post("/v1/challenges/redeem", { challenge }))),
    },
  },
  "POST /v1/receipts/inspect": {
    wrong: {
      receipt: {
        nonsense: async ({ rp }) => lookOf(await rp.post("/v1/receipts/inspect", { receipt: "a.b.c" })),
        "another relying party's": async ({ rp, other, service }) => {
          const subject = "holder";
          const app = await enrolTotp(service, other, subject);
          const { receipt } = (await other.post("/v1/verify", { subject, totp: app.code(), receipt: true })).body;
          return lookOf(await rp.post("/v1/receipts/inspect", { receipt }));
        },
      },
    },
  },
  "POST /v1/enrolments": { tells: TELLS_BY_SCOPE },
  "POST /v1/enrolments/:enrolment/confirm": {
    wrong: {
      enrolment: {
        "nobody's": confirming(async () => NO_ENROLMENT),
        "no id": confirming(async () => "x"),
        "another relying party's": confirming(async ({ other }) => startedBy(other, "unknown")),
        "one that is too old": confirming(async ({ rp, service }) => {
          const enrolment = await startedBy(rp, "unknown");
          service.clock.advance(11 * 60_000);
          return enrolment;
        }),
        "one that is finished": confirming(async ({ rp, service }) =>
          (await enrolTotp(service, rp, "finisher")).id.replace("au_", "en_"),
        ),
      },
    },
  },
  "POST /v1/authenticators/list": { tells: TELLS_BY_SCOPE },
  "POST /v1/authenticators/rename": {
    alike: { "what is nobody's": about("/v1/authenticators/rename", { authenticator: NO_AUTHENTICATOR, label: "x" }) },
    wrong: {
      authenticator: authenticators(async ({ rp }, authenticator) =>
        lookOf(await rp.post("/v1/authenticators/rename", { subject: "app", authenticator, label: "x" })),
      ),
    },
  },
  "POST /v1/authenticators/revoke": {
    alike: {
      "without a proof": about("/v1/authenticators/revoke", { authenticator: NO_AUTHENTICATOR, proof: NO_CHALLENGE }),
    },
    wrong: {
      authenticator: authenticators(async ({ rp }, authenticator) =>
        lookOf(await rp.post("/v1/authenticators/revoke", { subject: "app", authenticator, proof: NO_CHALLENGE })),
      ),
      proof: challenges(async (rp, proof) =>
        lookOf(await rp.post("/v1/authenticators/revoke", { subject: "app", authenticator: NO_AUTHENTICATOR, proof })),
      ),
    },
  },
  "POST /v1/recovery-codes/regenerate": {
    alike: { "without a proof": about("/v1/recovery-codes/regenerate", { proof: NO_CHALLENGE }) },
    wrong: {
      proof: challenges(async (rp, proof) =>
        lookOf(await rp.post("/v1/recovery-codes/regenerate", { subject: "app", proof })),
      ),
    },
  },
  "POST /v1/subjects/status": { tells: TELLS_BY_SCOPE },
  "POST /v1/subjects/delete": {
    alike: { "without a proof": about("/v1/subjects/delete", { proof: NO_CHALLENGE }) },
    wrong: {
      proof: challenges(async (rp, proof) => lookOf(await rp.post("/v1/subjects/delete", { subject: "app", proof }))),
    },
  },
  "POST /v1/passwords/assess": { none: "takes a password and words to hold it against, and looks nobody up" },
  "POST /v1/links": {
    alike: { "to the account": about("/v1/links", { page: "account" }) },
    wrong: {
      challenge: challenges(async (rp, challenge) => lookOf(await rp.post("/v1/links", { page: "prompt", challenge }))),
    },
    tells: "for `page: enrol`, to a key that could ask for the status; unknown subjects are counted by the scan alarm",
  },
  "POST /v1/events/list": { none: "takes a cursor; what it lists has the same kinds for subjects that do not exist" },
  "POST /oidc/par": { alike: { "a request": pushedAbout } },
  "POST /oidc/token": {
    wrong: {
      code: {
        "nobody's": async (town) => lookOf(await exchange(town, "A".repeat(43))),
        nonsense: async (town) => lookOf(await exchange(town, "x")),
      },
    },
  },
  "GET /oidc/userinfo": { wrong: { token: userinfo("GET") } },
  "POST /oidc/userinfo": { wrong: { token: userinfo("POST") } },
};

/** What a client pushes about a subject. */
export async function push({ service, rp }: Town, subject: string) {
  const form = {
    response_type: "code",
    redirect_uri: RETURN_URL,
    scope: "openid",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    login_hint: subject,
  };
  return postForm(service, "/oidc/par", form, basicOf(rp));
}

async function pushedAbout(town: Town, subject: string): Promise<Look> {
  return lookOf(await push(town, subject));
}

function exchange({ service, rp }: Town, code: string) {
  const form = { grant_type: "authorization_code", code, redirect_uri: RETURN_URL, code_verifier: "v".repeat(43) };
  return postForm(service, "/oidc/token", form, basicOf(rp));
}

function userinfo(method: string): Record<string, AskWrongly> {
  const ask =
    (token: string): AskWrongly =>
    async ({ service }) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await service.app.request("/oidc/userinfo", { method, headers });
      return lookOf({ status: response.status, headers: response.headers, text: await response.text() });
    };
  return { "nobody's": ask("A".repeat(43)), nonsense: ask("x") };
}
