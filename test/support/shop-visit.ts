import { serve } from "@hono/node-server";
import { expect } from "vitest";
import { shopRedirectUris, startShop } from "../../examples/shop/server.ts";
import { createApp } from "../../src/app.ts";
import {
  type Answer,
  type Json,
  readAnswer,
  startService,
  type TestRelyingParty,
  type TestService,
} from "./service.ts";

/** The address that the sample shop is registered with; it listens on a free port. */
export const SHOP_URL = "http://localhost:8788";

type Call = Readonly<{ path: string; body: Json; reply: Answer }>;
type Wishes = Readonly<{ secondFactor?: "offer" | "require" }>;

/** The sample shop and the service it uses, each on a real port, with what goes over the wire between them. */
export type ShopVisit = {
  readonly service: TestService;
  readonly rp: TestRelyingParty;
  /** The shop's calls, oldest first. */
  readonly calls: readonly Call[];
  readonly countersignUrl: string;
  /** Where the shop listens. */
  readonly listening: string;
  /** While set, answers in the place of Countersign. */
  outage: (() => Response | Promise<Response>) | undefined;
  readonly lastCall: (path: string) => Call;
  readonly lastReply: (path: string) => Answer;
  readonly lastSubject: () => string;
  readonly lastChallenge: () => string;
  /** What a person does on Countersign's prompt without script; returns the path at the shop that it leads back to. */
  readonly answerPrompt: (link: string, path: string, fields: Readonly<Record<string, string>>) => Promise<string>;
  /** A new shop, with other settings and no customers. */
  readonly reopen: (wishes: Wishes) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startShopVisit(): Promise<ShopVisit> {
  const service = await startService();
  const rp = await service.addRelyingParty({ name: "Juniper & Rye", redirectUris: shopRedirectUris(SHOP_URL) });
  const calls: Call[] = [];
  const countersign = await listen((request) => answer(request));
  const open = (wishes: Wishes = {}) =>
    openShop({ countersignUrl: countersign.url, apiKey: rp.apiKey, publicUrl: SHOP_URL, ...wishes });
  let shop = await open();
  // Its pages, shown as their data.
  const app = createApp(service.deps, { render: (model) => JSON.stringify(model), asset: () => undefined });

  async function answer(request: Request): Promise<Response> {
    if (visit.outage) return visit.outage();
    const { pathname: path } = new URL(request.url);
    if (!path.startsWith("/v1/")) return app.fetch(request);
    const body = (await request.clone().json()) as Json;
    const response = await app.fetch(request);
    calls.push({ path, body, reply: await readAnswer(response.clone()) });
    return response;
  }

  const lastCall = (path: string) => {
    const call = calls.findLast((one) => one.path === path);
    if (!call) throw new Error(`the shop has not called ${path}`);
    return call;
  };
  const visit: ShopVisit = {
    service,
    rp,
    calls,
    countersignUrl: countersign.url,
    outage: undefined,
    get listening() {
      return shop.listening;
    },
    lastCall,
    lastReply: (path) => lastCall(path).reply,
    lastSubject: () => String(lastCall("/v1/subjects/status").body.subject),
    lastChallenge: () => String(lastCall("/v1/challenges").reply.body.challenge),
    answerPrompt: (link, path, fields) => answerPrompt({ base: countersign.url, link, path, fields }),
    async reopen(wishes) {
      await shop.close();
      shop = await open(wishes);
    },
    async close() {
      await shop.close();
      await countersign.close();
      await service.close();
    },
  };
  return visit;
}

export type Page = Readonly<{ status: number; text: string; location: string; headers: Headers }>;
export type Browser = ReturnType<typeof createBrowser>;

/** A browser without script: keeps the cookie, and posts the token of the last page it saw. */
export function createBrowser(visit: Pick<ShopVisit, "listening">) {
  let cookie = "";
  let csrf = "";
  const send = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const headers = { ...(cookie === "" ? {} : { cookie }), ...init.headers };
    const response = await fetch(`${visit.listening}${path}`, { ...init, headers, redirect: "manual" });
    const text = await response.text();
    cookie = response.headers.getSetCookie().at(-1)?.split(";")[0] ?? cookie;
    csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? csrf;
    const location = response.headers.get("location") ?? "";
    return { status: response.status, text, location, headers: response.headers };
  };
  const follow = async (page: Page): Promise<Page> => (page.status === 303 ? follow(await send(page.location)) : page);
  return {
    get: (path: string) => send(path),
    post: (path: string, fields: Readonly<Record<string, string>> = {}) => send(path, formOf({ csrf, ...fields })),
    follow,
    cookie: () => cookie,
    csrf: () => csrf,
  };
}

type Prompting = Readonly<{ base: string; link: string; path: string; fields: Readonly<Record<string, string>> }>;

async function answerPrompt({ base, link, path, fields }: Prompting): Promise<string> {
  const entered = await fetch(`${base}${new URL(link).pathname}`, { redirect: "manual" });
  const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  const prompt = (await (await fetch(`${base}/prompt`, { headers: { cookie } })).json()) as Json;
  const form = formOf({ csrf: String(prompt.csrf), ...fields });
  const headers = { ...form.headers, cookie, origin: new URL(link).origin };
  const answered = await fetch(`${base}${path}`, { ...form, headers, redirect: "manual" });
  expect(answered.status, await answered.text()).toBe(303);
  return (answered.headers.get("location") ?? "").replace(SHOP_URL, "");
}

function formOf(fields: Readonly<Record<string, string>>) {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", headers, body: new URLSearchParams(fields).toString() };
}

async function openShop(options: Omit<Parameters<typeof startShop>[0], "port">) {
  const { port, close } = await listen(() => new Response());
  await close();
  return { ...(await startShop({ ...options, port })), listening: `http://127.0.0.1:${port}` };
}

type Listening = Readonly<{ url: string; port: number; close: () => Promise<void> }>;

function listen(answer: (request: Request) => Response | Promise<Response>): Promise<Listening> {
  return new Promise((resolve) => {
    const server = serve({ fetch: answer, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
      const close = () => new Promise<void>((done) => void server.close(() => done()));
      resolve({ url: `http://127.0.0.1:${port}`, port, close });
    });
  });
}
