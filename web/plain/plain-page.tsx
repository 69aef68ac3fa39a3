import type { VNode } from "preact";
import type { PlainModel } from "../../src/http/pages/models.ts";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";

/** Pages that only say something. They need no script. */
export function PlainPage({ model }: Readonly<{ model: PlainModel }>): VNode {
  const text = useText();
  return (
    <Layout key={model.view} heading={text(`plain.${model.view}.title`)}>
      <p class="lead">
        <Message k={`plain.${model.view}.lead`} />
      </p>
    </Layout>
  );
}
