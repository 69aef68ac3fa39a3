import type { PageModel } from "../../src/http/pages/models.ts";
import type { PageSurface } from "../../src/http/pages/surface.ts";
import { type Json, readAnswer, type TestRelyingParty, type TestService } from "./service.ts";
import { createAuthenticator, type VirtualAuthenticator } from "./virtual-authenticator.ts";

export const RETURN_URL = "http://localhost:3000/callback";

/** Pages that show their model as it is, in a document. */
export const MODEL_PAGES: PageSurface = {
  render: (model) =>
    `<!doctype html><script type="application/json">${JSON.stringify(model).replaceAll("<", "\\u003c")}</script>`,
  asset: () => undefined,
};

/** What a page answered: a model, or the way on. */
export type Page = Readonly<{
  status: number;
  headers: Headers;
  text: string;
  location: string | undefined;
  model: Json;
}>;

export type PostOptions = Readonly<{
  /** A browser without script: HTML or 303. */
  plain?: boolean;
  /** Added to what a browser sends; an empty value takes a header away. */
  headers?: Readonly<Record<string, string>>;
}>;

/** A browser with a cookie jar and a passkey device, at the pages for people. */
export type PageBrowser = Readonly<{
  device: VirtualAuthenticator;
  cookies: Map<string, string>;
  /** Every address that it was at or sent to. */
  visited: string[];
  get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Page>;
  /** Posts a form with the token of the last page seen, unless one is given. */
  post: (path: string, fields?: Readonly<Record<string, string>>, options?: PostOptions) => Promise<Page>;
  /** Follows a one-time link and shows its page. */
  enter: (url: string) => Promise<Page>;
}>;

/** What answers: the app itself, or a server that runs it. */
type Site = Readonly<{
  config: Pick<TestService["config"], "publicUrl">;
  app: Readonly<{
    request: (
      path: string,
      init: RequestInit,
      env: Readonly<{ clientAddress?: string }>,
    ) => Response | Promise<Response>;
  }>;
}>;

/** A browser at the service; `address` is where the service sees it come from. */
export function openBrowser(service: Site, address?: string): PageBrowser {
  const origin = service.config.publicUrl;
  const cookies = new Map<string, string>();
  const visited: string[] = [];
  let csrf = "";
  const request = async (path: string, init: RequestInit): Promise<Page> => {
    visited.push(path);
    const page = await readPage(await service.app.request(path, init, { clientAddress: address }));
    keepCookies(cookies, page.headers);
    if (page.location !== undefined) visited.push(page.location);
    if (typeof page.model.csrf === "string") csrf = page.model.csrf;
    return page;
  };
  const get: PageBrowser["get"] = (path, headers = {}) =>
    request(path, { headers: { accept: "text/html", ...cookieHeader(cookies), ...headers } });
  return {
    device: createAuthenticator({ rpId: new URL(origin).hostname, origin, counts: true }),
    cookies,
    visited,
    get,
    post: (path, fields = {}, { plain = false, headers = {} } = {}) =>
      request(path, {
        method: "POST",
        headers: present({
          accept: plain ? "text/html" : "application/json",
          "content-type": "application/x-www-form-urlencoded",
          origin,
          "sec-fetch-site": "same-origin",
          ...cookieHeader(cookies),
          ...headers,
        }),
        body: new URLSearchParams({ csrf, ...fields }).toString(),
      }),
    enter: async (url) => {
      const { location, ...page } = await get(new URL(url).pathname);
      return location === undefined ? { ...page, location } : get(location);
    },
  };
}

/** Asks for a link that must be given. */
export async function linkTo(rp: TestRelyingParty, body: Json): Promise<string> {
  const link = await rp.post("/v1/links", { return_url: RETURN_URL, ...body });
  if (link.status !== 201) throw new Error(`no link: ${link.text}`);
  return String(link.body.url);
}

/** A page's model as the view that it has to be. Throws when it is another. */
export function viewOf<Kind extends PageModel["page"], Name extends Extract<PageModel, { page: Kind }>["view"]>(
  { model, text, status }: Page,
  kind: Kind,
  name: Name,
): Extract<PageModel, { page: Kind; view: Name }> {
  if (model.page !== kind || model.view !== name)
    throw new Error(`not ${kind} ${name}: ${status} ${text.slice(0, 400)}`);
  // Said by its own members.
  return model as unknown as Extract<PageModel, { page: Kind; view: Name }>;
}

async function readPage(response: Response): Promise<Page> {
  const isHtml = response.headers.get("content-type")?.startsWith("text/html") ?? false;
  if (!isHtml && response.headers.has("location")) {
    return { ...bare(response, await response.text()), location: response.headers.get("location") ?? undefined };
  }
  if (isHtml) {
    const text = await response.text();
    const model = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(text)?.[1];
    return { ...bare(response, text), model: JSON.parse(model ?? "{}") as Json };
  }
  if (!response.headers.get("content-type")?.includes("json")) return bare(response, await response.text());
  const { body, text } = await readAnswer(response);
  const location = typeof body.location === "string" ? body.location : undefined;
  const model = typeof body.model === "object" ? { ...body.model } : {};
  return { ...bare(response, text), location, model };
}

function bare({ status, headers }: Response, text: string): Page {
  return { status, headers, text, location: undefined, model: {} };
}

function keepCookies(cookies: Map<string, string>, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
    if (line.includes("Max-Age=0")) cookies.delete(name);
    else cookies.set(name, value);
  }
}

function cookieHeader(cookies: ReadonlyMap<string, string>): Record<string, string> {
  return cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
}

function present(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
}
