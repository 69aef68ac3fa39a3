import { once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** A wire to a server that a test can cut, or let go silent. */
export type TcpProxy = Readonly<{
  /** The same URL, by way of the proxy. */
  url: string;
  /** The server's own URL. */
  to: string;
  /** From now on a wire is cut when a piece with these bytes is about to pass on it, in that direction. */
  cutAt: (bytes: Readonly<{ request?: Buffer; answer?: Buffer }>) => void;
  /** From now on nothing passes either way on the wires that are there, and nobody is told. */
  silence: () => void;
  close: () => Promise<void>;
}>;

type Wire = { readonly client: Socket; readonly server: Socket; isSilent: boolean };

/** Listens on a free port, and carries every connection on to the URL's server. */
export async function startTcpProxy(to: string): Promise<TcpProxy> {
  const target = new URL(to);
  const wires = new Set<Wire>();
  let fatal: Parameters<TcpProxy["cutAt"]>[0] = {};

  const proxy = createServer((client) => {
    const server = dial(Number(target.port), target.hostname);
    const wire: Wire = { client, server, isSilent: false };
    wires.add(wire);
    const carry = (to: Socket, direction: keyof typeof fatal) => (piece: Buffer) => {
      const bytes = fatal[direction];
      if (bytes !== undefined && piece.includes(bytes)) cut(wire);
      else if (!wire.isSilent) to.write(piece);
    };
    client.on("data", carry(server, "request"));
    server.on("data", carry(client, "answer"));
    for (const socket of [client, server]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        wires.delete(wire);
        if (!wire.isSilent) cut(wire);
      });
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  // A listening TCP server has an address of this shape.
  const { port } = proxy.address() as AddressInfo;
  return {
    url: Object.assign(new URL(to), { port: String(port) }).href,
    to,
    cutAt(bytes) {
      fatal = bytes;
    },
    silence() {
      for (const wire of wires) wire.isSilent = true;
    },
    async close() {
      for (const wire of wires) cut(wire);
      proxy.close();
      await once(proxy, "close");
    },
  };
}

function cut({ client, server }: Wire): void {
  client.destroy();
  server.destroy();
}
