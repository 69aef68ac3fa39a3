import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { RefusedError } from "../command.ts";

/** One request; a body makes it a POST. */
export type Question = Readonly<{ path: string; body?: string; headers?: Readonly<Record<string, string>> }>;

/** An answer, with the microseconds from the request's first byte to the answer's last. */
export type Answer = Readonly<{
  status: number;
  /** Names in lower case with their values, sorted. */
  headers: readonly (readonly [string, string])[];
  text: string;
  micros: number;
}>;

export type Connection = Readonly<{
  ask: (question: Question) => Promise<Answer>;
  close: () => void;
}>;

const TIMEOUT_MS = 20_000;

/** One connection kept open, over which one question is asked at a time. Rejects with RefusedError when it is not answered. */
export function openConnection(base: URL): Connection {
  const isSecure = base.protocol === "https:";
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const send = isSecure ? httpsRequest : httpRequest;

  function ask({ path, body, headers }: Question): Promise<Answer> {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { agent, method: body === undefined ? "GET" : "POST", headers: { ...headers, ...length } };
    return new Promise((resolve, reject) => {
      const refuse = () => reject(new RefusedError("The server did not answer."));
      let start = 0;
      const asking = send(new URL(path, base), options, (incoming) =>
        receive(incoming, () => start).then(resolve, refuse),
      );
      asking.setTimeout(TIMEOUT_MS, () => asking.destroy());
      asking.on("error", refuse);
      start = performance.now();
      asking.end(body);
    });
  }

  return { ask, close: () => agent.destroy() };
}

function receive(incoming: IncomingMessage, started: () => number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", reject);
    incoming.on("end", () => {
      const micros = (performance.now() - started()) * 1000;
      const text = Buffer.concat(chunks).toString("utf8");
      resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming.rawHeaders), text, micros });
    });
  });
}

function headersOf(raw: readonly string[]): readonly (readonly [string, string])[] {
  const names = raw.filter((_, index) => index % 2 === 0);
  const pairs = names.map((name, index) => [name.toLowerCase(), raw[2 * index + 1] ?? ""] as const);
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
}
