import type { AddressInfo } from "node:net";
import { httpServer } from "../../src/runtime/serve.ts";
import type { TestService } from "./service.ts";

/** Puts a service behind a real HTTP server on a free port; clients of every kind can reach it there. */
export async function listenTo({
  deps,
  app,
}: Pick<TestService, "deps" | "app">): Promise<Readonly<{ url: string; close: () => Promise<void> }>> {
  const server = httpServer({ trustedProxies: [] }, deps, app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
