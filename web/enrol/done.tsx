import type { VNode } from "preact";
import type { EnrolModel } from "../../src/http/pages/models.ts";
import { Button } from "../ui/button.tsx";
import { Form, Hidden } from "../ui/form.tsx";
import { CheckIcon } from "../ui/icons.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";

type Model = Extract<EnrolModel, { view: "done" }>;

/** What was added and what it is worth, one suggestion that can be passed over, and the way back. */
export function Done({ model }: Readonly<{ model: Model }>): VNode {
  const text = useText();
  const { added, nudge } = model;
  return (
    <Layout key="done" heading={text("enrol.done.title")}>
      <div class="emblem emblem-success">
        <CheckIcon />
      </div>
      <p class="lead">
        {added ? <Message k="enrol.done.lead" values={{ label: added.label }} /> : <Message k="enrol.done.codes" />}
      </p>
      {added?.sync && (
        <p>
          <Message k={`sync.${added.sync}`} />
        </p>
      )}
      {(added !== undefined || model.returnHost !== undefined) && <Finish returnHost={model.returnHost} />}
      {nudge !== "none" && <Nudge nudge={nudge} />}
    </Layout>
  );
}

function Finish({ returnHost }: Readonly<{ returnHost: string | undefined }>): VNode {
  return (
    <Form action="/enrol/finish">
      <Button tone="primary">
        {returnHost === undefined ? (
          <Message k="enrol.done.finish" />
        ) : (
          <Message k="enrol.done.finish_to" values={{ host: returnHost }} />
        )}
      </Button>
    </Form>
  );
}

function Nudge({ nudge }: Readonly<{ nudge: "passkey" | "second" }>): VNode {
  return (
    <section class="nudge">
      <p>
        <Message k={`enrol.done.${nudge}_nudge`} />
      </p>
      <Form action={nudge === "passkey" ? "/enrol/method" : "/enrol/back"}>
        {nudge === "passkey" && <Hidden name="method" value="webauthn" />}
        <Button>
          <Message k={`enrol.done.${nudge}_button`} />
        </Button>
      </Form>
    </section>
  );
}
