import { connect, type Socket } from "node:net";

export type Answer = Readonly<{ status: number; body: string }>;

/** A keep-alive connection with one request on its way at a time. */
export type Connection = Readonly<{
  /** Sends a prebuilt request; `answered` is called once the answer is complete. */
  ask: (request: Buffer, answered: (answer: Answer) => void) => void;
  close: () => void;
}>;

const LARGEST_ANSWER = 64 * 1024;
const HEAD_END = "\r\n\r\n";
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/** Connects to this machine; `broken` is called when the connection fails or an answer cannot be read. */
export function openConnection(port: number, broken: (error: unknown) => void): Promise<Connection> {
  const { promise, resolve } = Promise.withResolvers<Connection>();
  // Answers land in one buffer a connection, so that reading allocates nothing but the text.
  const buffer = Buffer.alloc(LARGEST_ANSWER);
  let pending = "";
  let answered: (answer: Answer) => void = () => undefined;

  function receive(length: number): boolean {
    const text = buffer.toString("latin1", 0, length);
    pending = pending === "" ? text : pending + text;
    try {
      const answer = readAnswer(pending);
      if (answer !== undefined) {
        pending = "";
        answered(answer);
      }
    } catch (error) {
      broken(error);
    }
    return true;
  }

  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer, callback: receive } });
  let isClosed = false;
  socket.on("error", broken);
  socket.on("close", () => {
    if (!isClosed) broken(new Error("the server closed a connection"));
  });
  socket.on("connect", () =>
    resolve({
      ask(request, onAnswer) {
        answered = onAnswer;
        socket.write(request);
      },
      close() {
        isClosed = true;
        socket.destroy();
      },
    }),
  );
  return promise;
}

/** The answer, once it is complete. */
function readAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const length = LENGTH.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without content-length: ${text}`);
  const bodyStart = headEnd + HEAD_END.length;
  if (text.length < bodyStart + Number(length)) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(bodyStart) };
}
