import { html } from "hono/html";
import type { openApiDocument } from "../openapi.ts";
import { code } from "./code.ts";

type Document = ReturnType<typeof openApiDocument>;
type Html = ReturnType<typeof html>;

/** The part of JSON Schema that our own declarations use. */
type Schema = Readonly<{
  $ref?: string;
  type?: string | readonly string[];
  enum?: readonly unknown[];
  const?: unknown;
  description?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  allOf?: readonly Schema[];
}>;

/** An object schema as a table: a row a member, members of members indented by their path. */
export function schemaRows(document: Document, schema: unknown): Html {
  // The generator's schema type is wider than what it makes of our declarations.
  const rows = membersOf(document, (schema ?? {}) as Schema, "");
  if (rows.length === 0) return html`<p>An empty object.</p>`;
  return html`<table>
    <thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
    <tbody>
      ${rows.map(({ name, type, isRequired, meaning }) => html`<tr><td><code>${name}</code>${isRequired ? "" : html` <small>optional</small>`}</td><td>${type}</td><td>${code(meaning)}</td></tr>`)}
    </tbody>
  </table>`;
}

type Row = Readonly<{ name: string; type: string; isRequired: boolean; meaning: string }>;

function membersOf(document: Document, given: Schema, path: string): readonly Row[] {
  const schema = resolve(document, given);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const inner = resolve(document, member);
    const element = inner.items === undefined ? undefined : resolve(document, inner.items);
    const row = {
      name: path + name,
      type: typeText(inner, element),
      isRequired: schema.required?.includes(name) ?? false,
      meaning: [inner.description, limits(inner)].filter((text) => text).join(" "),
    };
    const nested = element
      ? membersOf(document, element, `${path}${name}[].`)
      : membersOf(document, inner, `${path}${name}.`);
    return [row, ...nested];
  });
}

function resolve(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return (document.components?.schemas?.[name] ?? {}) as Schema;
  return schema.allOf ? Object.assign({}, ...schema.allOf.map((part) => resolve(document, part)), schema) : schema;
}

function typeText(schema: Schema, element: Schema | undefined): string {
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (element) return `array of ${typeText(element, undefined)}`;
  return [schema.type ?? "object"].flat().join(" | ") + (schema.format ? ` (${schema.format})` : "");
}

function limits({ minLength, maxLength }: Schema): string {
  if (maxLength === undefined) return "";
  return minLength ? `${minLength} to ${maxLength} characters.` : `At most ${maxLength} characters.`;
}
