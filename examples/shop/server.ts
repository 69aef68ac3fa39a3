import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { createShop } from "./app.ts";
import { createCountersignClient } from "./countersign-client.ts";
import { createEventFeed } from "./event-feed.ts";
import { createSessions } from "./sessions.ts";
import { returnUrls, type Shop } from "./shop-env.ts";
import { createUsers } from "./users.ts";

export type ShopOptions = Readonly<{
  /** 0 takes any free port. */
  port: number;
  /** Address to listen on; 127.0.0.1 when absent. */
  host?: string;
  /** Countersign as this process and browsers reach it, without a trailing slash. */
  countersignUrl: string;
  /** The shop as browsers reach it, without a trailing slash; http://localhost and the port when absent. */
  publicUrl?: string;
  /** Key of the relying party whose redirect URIs are `shopRedirectUris(publicUrl)`. */
  apiKey: string;
  /** Whether a second step is suggested or demanded; `offer` when absent. */
  secondFactor?: Shop["secondFactor"];
}>;

/** Starts the sample shop; rejects when the port is taken. Customers and sessions live in memory until `close`. */
export async function startShop(options: ShopOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { port, host = "127.0.0.1", countersignUrl, apiKey, secondFactor = "offer" } = options;
  let answer: (request: Request, env: object) => Response | Promise<Response> = () =>
    new Response(null, { status: 503 });
  const server = createAdaptorServer({ fetch: (request, env) => answer(request, env) });
  const url = `http://localhost:${await listen(server, port, host)}`;
  const client = createCountersignClient({ baseUrl: countersignUrl, apiKey });
  const app = createShop({
    client,
    users: createUsers(),
    sessions: createSessions(),
    events: createEventFeed(client),
    url: options.publicUrl ?? url,
    countersignOrigin: new URL(countersignUrl).origin,
    secondFactor,
  });
  answer = app.fetch;
  return { url: options.publicUrl ?? url, close: () => close(server) };
}

/** What has to be registered with Countersign for a shop at this address. */
export function shopRedirectUris(shopUrl: string): string[] {
  return Object.values(returnUrls(shopUrl));
}

function listen(server: ServerType, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // A TCP server's address is an AddressInfo once it listens.
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: ServerType): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}

async function main(): Promise<void> {
  const { SHOP_PORT = "8788", SHOP_SECOND_FACTOR, COUNTERSIGN_API_KEY } = process.env;
  const { COUNTERSIGN_URL = "http://localhost:8787" } = process.env;
  if (!COUNTERSIGN_API_KEY) {
    console.error("COUNTERSIGN_API_KEY is missing: see examples/shop/README.md.");
    process.exit(78);
  }
  const shop = await startShop({
    port: Number(SHOP_PORT),
    countersignUrl: COUNTERSIGN_URL.replace(/\/$/, ""),
    apiKey: COUNTERSIGN_API_KEY,
    secondFactor: SHOP_SECOND_FACTOR === "require" ? "require" : "offer",
  });
  console.log(`The sample shop is at ${shop.url}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
