import { html } from "hono/html";
import type { openApiDocument } from "../openapi.ts";
import { code } from "./code.ts";
import { schemaRows } from "./schema-rows.ts";

type Document = ReturnType<typeof openApiDocument>;
type Operation = NonNullable<NonNullable<Document["paths"]>[string]["post"]>;
type Html = ReturnType<typeof html>;

/** The whole reference as one HTML page: a contents list, then each operation with its body, reply and denials. */
export function referencePage(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    item.post ? [{ path, operation: item.post }] : [],
  );
  const tags = Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? "Other");
  return String(html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Countersign API reference</title>
        <link rel="stylesheet" href="/reference.css" />
      </head>
      <body>
        <header>
          <h1>API reference</h1>
          <p>${document.info.description}</p>
          <p>Machine-readable: <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}). Receipt keys: <a href="/.well-known/jwks.json">jwks.json</a>.
            For forms: the <a href="/reference/password-field">password field</a>.</p>
        </header>
        <nav aria-label="Operations">${[...tags].map(([tag, list]) => contents(tag, list))}</nav>
        <main>${operations.map(({ path, operation }) => section(document, path, operation))}</main>
      </body>
    </html>`);
}

function contents(tag: string, list: readonly Readonly<{ path: string; operation: Operation }>[]): Html {
  return html`<h2>${tag}</h2>
    <ul>
      ${list.map(({ path, operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a> <code>${path}</code></li>`)}
    </ul>`;
}

function section(document: Document, path: string, operation: Operation): Html {
  const replies = Object.entries(operation.responses ?? {}) as [string, Reply][];
  const good = replies.find(([status]) => status.startsWith("2"));
  const bad = replies.filter(([status]) => !status.startsWith("2"));
  // The generator only writes request bodies with one JSON content.
  const body = (operation.requestBody as Body | undefined)?.content["application/json"]?.schema;
  return html`<section id="${operation.operationId}" aria-labelledby="${operation.operationId}-title">
    <h2 id="${operation.operationId}-title">${operation.summary}</h2>
    <p class="path"><span>POST</span> <code>${path}</code></p>
    ${(operation.description ?? "").split("\n\n").map((text) => html`<p>${code(text)}</p>`)}
    <h3>Body</h3>
    ${schemaRows(document, body)}
    <h3>Answer ${good?.[0]}</h3>
    ${schemaRows(document, good?.[1].content?.["application/json"]?.schema)}
    <h3>Denials</h3>
    <dl>${bad.map(([status, reply]) => html`<dt>${status}</dt><dd>${reply.description.split("\n\n").map((text) => html`<p>${code(text)}</p>`)}</dd>`)}</dl>
  </section>`;
}

type Body = Readonly<{ content: Readonly<Record<string, Readonly<{ schema?: unknown }>>> }>;
type Reply = Readonly<{ description: string; content?: Body["content"] }>;
