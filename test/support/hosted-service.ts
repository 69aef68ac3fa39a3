import { shopRedirectUris, startShop } from "../../examples/shop/server.ts";
import { loadPages } from "../../src/runtime/load-pages.ts";
import type { AppClock } from "./authenticator-app.ts";
import { freePort, listen } from "./listen.ts";
import { type Json, startService, type TestRelyingParty, type TestService } from "./service.ts";

/** The service with its built pages and the sample shop, each on a real port, on a clock that the test moves. */
export type HostedService = Readonly<{
  service: TestService;
  clock: AppClock;
  url: string;
  shopUrl: string;
  /** The shop's own credentials. */
  rp: TestRelyingParty;
  /** How the shop calls its customers towards the service; never to be seen anywhere else. */
  references: ReadonlySet<string>;
  /** A one-time link to a page, for a person of the shop's. */
  linkTo: (page: "enrol" | "account" | "prompt", about: Json) => Promise<string>;
  close: () => Promise<void>;
}>;

/** Starts both on free ports. Fails when the pages are not built. */
export async function hostService(): Promise<HostedService> {
  const pages = await loadPages();
  if (pages === undefined) throw new Error("The web pages are not built: run npm run build.");
  const references = new Set<string>();
  const answering = { answer: async (_: Request): Promise<Response> => new Response(null, { status: 503 }) };
  const server = await listen((request) => answering.answer(request));
  const service = await startService({ pages, env: { COUNTERSIGN_PUBLIC_URL: server.url } });
  answering.answer = async (request) => {
    if (new URL(request.url).pathname.startsWith("/v1/")) await noteReference(request.clone(), references);
    return service.app.fetch(request);
  };
  const shop = await openShop(service, server.url);
  return {
    service,
    clock: testClock(service),
    url: server.url,
    shopUrl: shop.url,
    rp: shop.rp,
    references,
    async linkTo(page, about) {
      const link = await shop.rp.post("/v1/links", { page, ...about });
      if (typeof link.body.url !== "string") throw new Error(`no link: ${link.text}`);
      return link.body.url;
    },
    async close() {
      await shop.close();
      await server.close();
      await service.close();
    },
  };
}

/** The shop is registered under its address before it listens there. */
async function openShop(service: TestService, countersignUrl: string) {
  const port = await freePort();
  const redirectUris = shopRedirectUris(`http://localhost:${port}`);
  const rp = await service.addRelyingParty({ name: "Juniper & Rye", redirectUris });
  return { rp, ...(await startShop({ port, countersignUrl, apiKey: rp.apiKey })) };
}

function testClock({ clock }: TestService): AppClock {
  return {
    now: () => clock.now(),
    reach: async (ms) => clock.advance(Math.max(0, ms - clock.now())),
  };
}

async function noteReference(request: Request, references: Set<string>): Promise<void> {
  // The shop sends nothing but JSON objects.
  const { subject } = (await request.json()) as Json;
  if (typeof subject === "string") references.add(subject);
}
