import { html } from "hono/html";

/** `backticks` as code; everything else is escaped by the template. */
export function code(text: string) {
  const parts = text.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
