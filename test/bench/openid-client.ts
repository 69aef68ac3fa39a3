import { hash, randomBytes } from "node:crypto";
import { type Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";

/** Who asks, at both providers. */
export const BENCH_CLIENT = { clientId: "bench", clientSecret: "a secret of the benchmark, known to nobody else" };
export const BENCH_REDIRECT_URI = "http://localhost:3000/callback";
/** What both providers are called; where they listen is another matter. */
const ORIGIN = "http://localhost:8787";

export type BenchClient = Readonly<{ clientId: string; clientSecret: string }>;
type Reply = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

/** What a fresh browser does at the provider: from the authorization URL to the address with the code. */
export type Journey = (browser: Browser, authorizePath: string) => Promise<string>;

/** A browser without anything in it. */
export type Browser = Readonly<{
  get: (path: string) => Promise<Reply>;
  post: (path: string, fields: Readonly<Record<string, string>>) => Promise<Reply>;
}>;

/** One sign-in from the pushed request to the tokens, in a browser that was never here before. Throws when it fails. */
export async function signIn(
  of: Readonly<{ port: number; agent: Agent; client: BenchClient; subject: string; paths: Paths; journey: Journey }>,
): Promise<void> {
  const { client, paths } = of;
  const verifier = randomBytes(32).toString("base64url");
  const authorization = `Basic ${btoa(`${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`)}`;
  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    send(of, {
      method: "POST",
      path,
      headers: { ...FORM, authorization },
      body: new URLSearchParams(fields).toString(),
    });
  const pushed = await post(paths.par, {
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: BENCH_REDIRECT_URI,
    scope: "openid",
    login_hint: of.subject,
    state: "state",
    nonce: "nonce",
    code_challenge: hash("sha256", verifier, "base64url"),
    code_challenge_method: "S256",
  });
  const { request_uri } = JSON.parse(pushed.body);
  const query = new URLSearchParams({ client_id: client.clientId, request_uri });
  const back = await of.journey(openBrowser(of), `${paths.authorize}?${query}`);
  const code = new URL(back).searchParams.get("code") ?? "";
  const tokens = await post(paths.token, {
    grant_type: "authorization_code",
    code,
    redirect_uri: BENCH_REDIRECT_URI,
    code_verifier: verifier,
  });
  if (JSON.parse(tokens.body).id_token === undefined) throw new Error(`no token: ${tokens.body.slice(0, 200)}`);
}

export type Paths = Readonly<{ par: string; authorize: string; token: string }>;

/** The address that an answer leads on to, as a path of the provider's or whole. */
export function ledTo({ headers, status, body }: Reply): string {
  if (headers.location === undefined) throw new Error(`no way on: ${status} ${body.slice(0, 200)}`);
  return headers.location.replace(/^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?(?=\/(?!callback))/, "");
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

type Wire = Readonly<{ port: number; agent: Agent }>;

function openBrowser(wire: Wire): Browser {
  const cookies = new Map<string, string>();
  // People come from many places: the limit of one source is not what is measured.
  const address = `10.${[...randomBytes(3)].join(".")}`;
  const go = async (method: string, path: string, headers: Record<string, string>, body = "") => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await send(wire, {
      method,
      path,
      headers: { ...headers, "x-forwarded-for": address, ...(cookie && { cookie }) },
      body,
    });
    for (const line of reply.headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    return reply;
  };
  return {
    get: (path) => go("GET", path, { accept: "text/html" }),
    post: (path, fields) =>
      go(
        "POST",
        path,
        { ...FORM, accept: "text/html", origin: ORIGIN, "sec-fetch-site": "same-origin" },
        new URLSearchParams(fields).toString(),
      ),
  };
}

type Outgoing = Readonly<{ method: string; path: string; headers: Record<string, string>; body: string }>;

function send({ port, agent }: Wire, { method, path, headers, body }: Outgoing): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { port, host: "127.0.0.1", agent, method, path, headers: { host: "localhost:8787", ...headers } },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
      },
    );
    outgoing.on("error", reject).end(body);
  });
}
