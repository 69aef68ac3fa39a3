import type { VNode } from "preact";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";

/** What stands inside a frame instead of the page. */
export function Framed(): VNode {
  const text = useText();
  const { host } = usePage().frame;
  return (
    <Layout heading={text("framed.title")}>
      <p class="lead">
        <Message k="framed.lead" />
      </p>
      <a class="button button-primary" href={window.location.href} target="_blank" rel="noopener noreferrer">
        <Message k="framed.link" values={{ host }} />
      </a>
    </Layout>
  );
}
