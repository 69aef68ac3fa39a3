import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { denied, type Outcome } from "../domain/denial.ts";
import { endOfStage } from "../domain/eventual.ts";
import { newId } from "../domain/ids.ts";
import { type ApiRequest, answerDurably } from "../http/answer-route.ts";
import type { Route } from "../http/route.ts";
import { BODY_LIMIT_BYTES, decodeBody, isWithin } from "../http/strict-json.ts";
import type { Deps } from "../ports/deps.ts";
import { inStep } from "./in-step.ts";

const NO_PARAMETERS = {};

/**
 * Answers plain requests to the API without making web Requests and Responses of them, and leaves all others to the app:
 * plain is a POST to a route without parameters, whose body has an announced length within the limit. The app would say
 * the same.
 */
export function apiListener(deps: Deps, routes: readonly Route[], app: RequestListener): RequestListener {
  const byPath = new Map<string, Route>(routes.filter(({ path }) => !path.includes("{")).map((one) => [one.path, one]));
  const answer = inStep((route: Route, request: ApiRequest) => answerDurably(deps, route, request));

  async function respond(route: Route, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { status, headers, body } = await answer(route, requestOf(incoming, newId("req", deps.random.bytes)));
    const length = Buffer.byteLength(body);
    outgoing.writeHead(status, { ...headers, "content-length": length });
    await endOfStage();
    // Without a character of several bytes there is nothing to encode.
    outgoing.end(body, length === body.length ? "latin1" : "utf8");
  }

  return (incoming, outgoing) => {
    const route = incoming.method === "POST" ? byPath.get(incoming.url ?? "") : undefined;
    if (route === undefined || !isWithin(incoming.headers["content-length"] ?? "", BODY_LIMIT_BYTES))
      app(incoming, outgoing);
    else void respond(route, incoming, outgoing);
  };
}

function requestOf(incoming: IncomingMessage, requestId: string): ApiRequest {
  const { headers } = incoming;
  const text = textOf(incoming);
  return {
    requestId,
    path: NO_PARAMETERS,
    header(name) {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
    text: () => text,
  };
}

/** The body, as long as Node's parser lets it be; one that was cut off has nobody left to answer. */
function textOf(incoming: IncomingMessage): Promise<Outcome<string>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => resolve(decodeBody(Buffer.concat(chunks))));
    incoming.on("close", () => resolve(denied("invalid_request", { detail: "The body was cut off." })));
  });
}
