import type { VNode } from "preact";
import { ButtonLink } from "../ui/button.tsx";
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
      <ButtonLink tone="primary" href={window.location.href} newTab>
        <Message k="framed.link" values={{ host }} />
      </ButtonLink>
    </Layout>
  );
}
