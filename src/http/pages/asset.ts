import type { Hono } from "hono";
import type { Deps } from "../../ports/deps.ts";
import { wantedEncoding } from "../content-encoding.ts";
import type { Env } from "../env.ts";
import type { PageSurface } from "./surface.ts";

/** Scripts, styles and pictures, compressed for who takes that: each once, when it is first asked for. */
export function mountAssets(app: Hono<Env>, { compress }: Pick<Deps, "compress">, surface: PageSurface): void {
  const packed = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const pack = (key: string, work: () => Promise<Uint8Array<ArrayBuffer>>) => {
    const body = packed.get(key) ?? work();
    packed.set(key, body);
    body.catch(() => packed.delete(key));
    return body;
  };
  app.get("/assets/*", async (c) => {
    const { pathname } = new URL(c.req.url);
    const plain = await surface.asset(pathname);
    if (!plain) return c.notFound();
    const { headers } = plain;
    headers.set("vary", "accept-encoding");
    const encoding = wantedEncoding(c.req.header("accept-encoding") ?? null);
    if (!compress || encoding === undefined) return plain;
    const body = await pack(`${encoding} ${pathname}`, async () =>
      compress(encoding, new Uint8Array(await plain.arrayBuffer()), "small"),
    );
    headers.set("content-encoding", encoding);
    return new Response(body, { headers });
  });
}
