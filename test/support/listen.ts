import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";

export type Listening = Readonly<{ url: string; port: number; close: () => Promise<void> }>;

/** Serves `http://localhost` on the port, or on a free one; rejects where it is taken. */
export function listen(answer: (request: Request) => Promise<Response>, wanted = 0): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createAdaptorServer({ fetch: answer });
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      // A TCP server's address is an AddressInfo once it listens.
      const { port } = server.address() as AddressInfo;
      const close = () => {
        if ("closeAllConnections" in server) server.closeAllConnections();
        return new Promise<void>((done) => void server.close(() => done()));
      };
      resolve({ url: `http://localhost:${port}`, port, close });
    });
  });
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(async () => new Response());
  await close();
  return port;
}
