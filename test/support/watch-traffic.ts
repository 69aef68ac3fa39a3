import type { BrowserContext, Request } from "playwright-core";

/** What browsers send and what the service writes down, held against what must never show there. */
export type Watch = Readonly<{
  /** Records everything that the context's pages ask for and complain about. */
  follow: (context: BrowserContext) => void;
  /** Values that must be in no address, no Referer and no line of the log; returns the first. */
  keepSecret: (...values: readonly string[]) => string;
  /** What went wrong so far, in words; empty when nothing did. */
  problems: () => Promise<readonly string[]>;
}>;

type Watched = Readonly<{ origins: readonly string[]; log: () => readonly string[] }>;
type Sent = Readonly<{ url: string; referer: string }>;

/** One-time tokens are in the address of their link, and nowhere else. */
const LINK = /\/(?:enter|admin\/invite)\/([\w-]{20,})/;

/** Watches traffic to the origins given; asking any other one is a problem. */
export function watchTraffic({ origins, log }: Watched): Watch {
  const sent: Promise<Sent>[] = [];
  const complaints: string[] = [];
  const secrets = new Set<string>();
  return {
    follow(context) {
      context.on("request", (request) => sent.push(readRequest(request)));
      context.on("weberror", (error) => complaints.push(`script failed: ${error.error().message}`));
      context.on("console", (message) => {
        if (isComplaint(message.type(), message.text())) complaints.push(`console: ${message.text()}`);
      });
    },
    keepSecret(...values) {
      for (const value of values) for (const form of formsOf(value)) secrets.add(form);
      return values[0] ?? "";
    },
    async problems() {
      const requests = await Promise.all(sent);
      const tokens = requests.flatMap(({ url }) => LINK.exec(url)?.[1] ?? []);
      const outside = requests.filter(({ url }) => !origins.includes(new URL(url).origin));
      const places = [
        ...requests.flatMap(({ url, referer }) => [
          { what: "an address", text: readable(url), secrets: [...secrets] },
          { what: "a Referer", text: readable(referer), secrets: [...secrets, ...tokens] },
        ]),
        ...log().map((line) => ({ what: "the log", text: line, secrets: [...secrets, ...tokens] })),
      ];
      return [
        ...complaints,
        ...outside.map(({ url }) => `asked another origin: ${url}`),
        ...log().filter((line) => line.includes("csp_violation")),
        ...places.filter(isTelling).map(({ what, text }) => `a secret is in ${what}: ${text}`),
      ];
    },
  };
}

/** The headers as they went over the wire; those that script would see when the page was gone too soon. */
async function readRequest(request: Request): Promise<Sent> {
  const headers = await request.allHeaders().catch(() => request.headers());
  return { url: request.url(), referer: headers.referer ?? "" };
}

/** Chromium reports each answer of 400 and more; those are expected where a test is about refusals. */
function isComplaint(type: string, text: string): boolean {
  return (type === "error" || type === "warning") && !text.startsWith("Failed to load resource");
}

/** As typed, and as the service may write it: without the hyphens of a recovery code. */
function formsOf(value: string): readonly string[] {
  if (value.length < 6) throw new Error("too short to be told from chance");
  return [value.toLowerCase(), value.replaceAll("-", "").toLowerCase()];
}

function readable(url: string): string {
  return `${url} ${decodeURIComponent(url.replaceAll("+", " "))}`;
}

function isTelling({ text, secrets }: Readonly<{ text: string; secrets: readonly string[] }>): boolean {
  const lower = text.toLowerCase();
  return secrets.some((secret) => lower.includes(secret.toLowerCase()));
}
