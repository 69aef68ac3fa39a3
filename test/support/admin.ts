import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { createApp } from "../../src/app.ts";
import type { AdminRole } from "../../src/domain/administrator.ts";
import { inviteAdministrator } from "../../src/flows/admin-invite.ts";
import type { AdminModel, SignedInView, TouchView } from "../../src/http/pages/admin-models.ts";
import type { PageSurface } from "../../src/http/pages/surface.ts";
import type { TestService } from "./service.ts";
import {
  type AuthenticationOverrides,
  createAuthenticator,
  type VirtualAuthenticator,
} from "./virtual-authenticator.ts";

const ORIGIN = "http://localhost:8787";
const COOKIE = "countersign-admin";

/** What a page answered: a model, or the way on. */
export type PageResult = Readonly<{
  status: number;
  headers: Headers;
  text: string;
  location: string | undefined;
  /** The model with every view's members, to be looked into. */
  model: Readonly<Record<string, unknown>>;
}>;

/** A browser with one cookie jar and one passkey device, at the administration pages. */
export type AdminBrowser = Readonly<{
  passkeys: VirtualAuthenticator;
  get: (path: string) => Promise<PageResult>;
  /** Posts a form with the token of the last page seen; our own script asks. */
  post: (path: string, fields?: Record<string, string>, headers?: Record<string, string>) => Promise<PageResult>;
  cookie: () => string | undefined;
  takeCookie: (token: string) => void;
}>;

/** The app with pages that show their model as it is. */
const MODELS_AS_PAGES: PageSurface = { render: (model) => JSON.stringify(model), asset: () => undefined };

export type AdminService = Readonly<{
  /** `clientAddress`: where the runtime says that it comes from. */
  browser: (clientAddress?: string) => AdminBrowser;
  /** A link as the command line or another administrator gives it. */
  invite: (role: AdminRole, name?: string) => Promise<string>;
  /** A browser in which an administrator of that role has just signed in. */
  signedIn: (role: AdminRole, name?: string) => Promise<AdminBrowser>;
}>;

/** The administration pages over a running service. */
export function administer(service: TestService): AdminService {
  const app = createApp(service.deps, MODELS_AS_PAGES);
  const browser = (clientAddress?: string) => openBrowser(app, clientAddress);
  const invite: AdminService["invite"] = async (role, name = role) => {
    const by = { actor: "cli", requestId: "req_test", nowMs: service.clock.now() };
    return (await inviteAdministrator(service.deps, by, { name, role })).url;
  };
  return {
    browser,
    invite,
    async signedIn(role, name) {
      const opened = browser();
      const joined = await acceptInvitation(opened, await invite(role, name));
      if (joined.location !== "/admin/subjects") throw new Error(`could not join: ${joined.text}`);
      return opened;
    },
  };
}

function openBrowser(app: ReturnType<typeof createApp>, clientAddress?: string): AdminBrowser {
  const env = clientAddress === undefined ? {} : { clientAddress };
  let cookie: string | undefined;
  let csrf = "";
  const settle = async (response: Response): Promise<PageResult> => {
    const set = response.headers.getSetCookie().find((line) => line.startsWith(`${COOKIE}=`));
    const token = set?.split(";")[0]?.slice(COOKIE.length + 1);
    if (token !== undefined) cookie = token === "" ? undefined : token;
    const text = await response.text();
    // Our own app answered, with a model or a PageAnswer.
    const body = (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>;
    const model = (body.model ?? body) as Record<string, unknown>;
    if (typeof model.csrf === "string") csrf = model.csrf;
    const given = response.headers.get("location") ?? body.location;
    const location = typeof given === "string" ? given : undefined;
    return { status: response.status, headers: response.headers, text, location, model };
  };
  const cookies = (): Record<string, string> => (cookie === undefined ? {} : { cookie: `${COOKIE}=${cookie}` });
  return {
    passkeys: createAuthenticator({ rpId: "localhost", origin: ORIGIN, counts: true }),
    get: async (path) => settle(await app.request(path, { headers: { ...cookies(), accept: "text/html" } }, env)),
    post: async (path, fields = {}, headers = {}) =>
      settle(
        await app.request(
          path,
          {
            method: "POST",
            headers: {
              ...cookies(),
              accept: "application/json",
              "sec-fetch-site": "same-origin",
              "content-type": "application/x-www-form-urlencoded",
              ...headers,
            },
            body: new URLSearchParams({ csrf, ...fields }).toString(),
          },
          env,
        ),
      ),
    cookie: () => cookie,
    takeCookie: (token) => {
      cookie = token;
    },
  };
}

/** Follows an invitation and enrols the browser's passkey. */
export async function acceptInvitation(browser: AdminBrowser, url: string, name = "Ada"): Promise<PageResult> {
  const entered = await browser.get(new URL(url).pathname);
  if (entered.location !== "/admin/invite") return entered;
  const page = await browser.get("/admin/invite");
  // The server's own options.
  const options = page.model.options as PublicKeyCredentialCreationOptionsJSON;
  const webauthn = JSON.stringify(browser.passkeys.register(options));
  return goOn(browser, await browser.post("/admin/invite", { name, webauthn }));
}

/** Goes where the answer leads, so that the next form carries the new session's token. */
async function goOn(browser: AdminBrowser, answer: PageResult): Promise<PageResult> {
  if (answer.location !== undefined) await browser.get(answer.location);
  return answer;
}

/** Signs in with the browser's passkey. */
export async function signIn(browser: AdminBrowser, overrides?: AuthenticationOverrides): Promise<PageResult> {
  const page = await browser.get("/admin/sign-in");
  // The server's own options.
  const options = page.model.options as PublicKeyCredentialRequestOptionsJSON;
  const webauthn = JSON.stringify(browser.passkeys.authenticate(options, overrides));
  return goOn(browser, await browser.post("/admin/sign-in", { webauthn }));
}

/** The fields of a passkey touch for the question on a page. */
export function touch(browser: AdminBrowser, question: TouchView, overrides?: AuthenticationOverrides) {
  // The server's own options.
  const options = question.options as PublicKeyCredentialRequestOptionsJSON;
  return { touch: question.id, webauthn: JSON.stringify(browser.passkeys.authenticate(options, overrides)) };
}

export type ViewOf<Name extends SignedInView["view"]> = Extract<AdminModel, { view: Name }>;

/** The model of a page as the view that it has to be. Throws when it is another. */
export function viewOf<Name extends SignedInView["view"]>(page: PageResult, name: Name): ViewOf<Name> {
  if (page.model.view !== name) throw new Error(`not the ${name} view: ${page.text.slice(0, 400)}`);
  // Said by its own member.
  return page.model as unknown as ViewOf<Name>;
}

/** Finds a subject as an administrator does. */
export async function find(browser: AdminBrowser, rp: string, subject: string): Promise<ViewOf<"subject">> {
  await browser.get("/admin/subjects");
  return viewOf(await browser.post("/admin/subjects", { relying_party: rp, subject }), "subject");
}
