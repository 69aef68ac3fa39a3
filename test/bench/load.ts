import { connect, type Socket } from "node:net";

/** What to send: one prebuilt request after the other, each on whichever connection is free next. */
export type Load = Readonly<{
  port: number;
  connections: number;
  requests: readonly Buffer[];
  /** Begin again at the end of the list; else the run ends there. */
  repeat?: boolean;
  /** No request is sent after this many milliseconds. */
  durationMs: number;
  expectStatus: number;
  /** Keep the bodies, in the order of the requests. */
  collect?: boolean;
  /** Called right before the request of that index is sent. */
  onSend?: (index: number) => void;
}>;

export type LoadFigures = Readonly<{
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Share of the generator's turns that brought no answer, so that it was waiting: near 0 it measured itself. */
  idleShare: number;
  bodies: readonly string[];
}>;

const LARGEST_ANSWER = 64 * 1024;
/** One code in a million is also that of the step after it, which is then used up with it. */
const TOLERATED = 2;
const HEAD_END = "\r\n\r\n";
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

type Run = {
  readonly load: Load;
  readonly deadline: number;
  readonly latencies: number[];
  readonly bodies: string[];
  next: number;
  unexpected: number;
};

/**
 * Closed-loop load over raw sockets: every connection has one request on its way, and sends the next when the answer is
 * complete. It never sleeps: on a virtual machine waking its core up would cost the server more than many an answer.
 * Throws when answers have another status than expected, with the text of one.
 */
export async function runLoad(load: Load): Promise<LoadFigures> {
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.port)));
  const start = performance.now();
  const run: Run = { load, deadline: start + load.durationMs, latencies: [], bodies: [], next: 0, unexpected: 0 };
  const turns = countTurns(() => run.latencies.length);
  await Promise.all(sockets.map((connection) => drive(run, connection)));
  const seconds = (performance.now() - start) / 1000;
  for (const { socket } of sockets) socket.destroy();
  const sorted = Float64Array.from(run.latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    requests: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    idleShare: turns.stop(),
    bodies: run.bodies,
  };
}

/** Keeps the event loop turning until stopped; answers with the share of turns in which `progress` stood still. */
function countTurns(progress: () => number): Readonly<{ stop: () => number }> {
  let turns = 0;
  let idle = 0;
  let last = -1;
  let isRunning = true;
  function turn(): void {
    const now = progress();
    turns += 1;
    if (now === last) idle += 1;
    last = now;
    if (isRunning) setImmediate(turn);
  }
  turn();
  return {
    stop() {
      isRunning = false;
      return idle / turns;
    },
  };
}

type Connection = { readonly socket: Socket; onData: (text: string) => void; onError: (error: Error) => void };

/** Answers land in one buffer a connection, so that reading allocates nothing but the text. */
function open(port: number): Promise<Connection> {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const buffer = Buffer.alloc(LARGEST_ANSWER);
  const callback = (length: number) => {
    connection.onData(buffer.toString("latin1", 0, length));
    return true;
  };
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer, callback } });
  const connection: Connection = { socket, onData: () => undefined, onError: reject };
  socket.on("error", (error) => connection.onError(error));
  socket.on("close", () => connection.onError(new Error("the server closed a connection")));
  socket.on("connect", () => resolve(connection));
  return promise;
}

function drive(run: Run, connection: Connection): Promise<void> {
  const { load } = run;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let index = 0;
  let sentAt = 0;
  let pending = "";

  function send(): void {
    sentAt = performance.now();
    const request = sentAt < run.deadline ? nextRequest(run) : undefined;
    if (request === undefined) {
      resolve();
      return;
    }
    index = run.next++;
    load.onSend?.(index);
    connection.socket.write(request);
  }

  function receive(text: string): void {
    pending = pending === "" ? text : pending + text;
    const answer = readAnswer(pending);
    if (answer === undefined) return;
    if (answer.status !== load.expectStatus && ++run.unexpected > TOLERATED)
      throw new Error(`not expected: ${pending}`);
    run.latencies.push(performance.now() - sentAt);
    if (load.collect) run.bodies[index] = answer.body;
    pending = "";
    send();
  }

  connection.onError = reject;
  connection.onData = (text) => {
    try {
      receive(text);
    } catch (error) {
      reject(error);
    }
  };
  send();
  return promise;
}

function nextRequest({ load, next }: Run): Buffer | undefined {
  return load.requests[load.repeat ? next % load.requests.length : next];
}

/** The answer, once it is complete. */
function readAnswer(text: string): Readonly<{ status: number; body: string }> | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const length = LENGTH.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without content-length: ${text}`);
  const bodyStart = headEnd + HEAD_END.length;
  if (text.length < bodyStart + Number(length)) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(bodyStart) };
}
