import type { VNode } from "preact";
import type { AccountModel } from "../../src/http/pages/models.ts";
import { Note } from "../ui/alert.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Form, Hidden } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";

type Model = Extract<AccountModel, { view: "remove" }>;

/** Asks once more, and says what will still work. */
export function Remove({ model }: Readonly<{ model: Model }>): VNode {
  const text = useText();
  const { authenticator } = model;
  return (
    <Layout key="remove" heading={text("remove.title", { label: authenticator.label })}>
      <p class="lead">
        <Message k="remove.lead" />
      </p>
      <StillWork model={model} />
      {model.lastStrong && (
        <Note tone="problem">
          <Message k="remove.last_strong" />
        </Note>
      )}
      {authenticator.method === "webauthn" && (
        <p class="hint">
          <Message k="remove.passkey_note" />
        </p>
      )}
      <Form action="/account/remove">
        <Hidden name="authenticator" value={authenticator.id} />
        <Button tone="danger">
          <Message k="remove.button" />
        </Button>
        <ButtonLink href="/account">
          <Message k="remove.keep" />
        </ButtonLink>
      </Form>
    </Layout>
  );
}

function StillWork({ model }: Readonly<{ model: Model }>): VNode {
  const { stillWork, recoveryCodesLeft } = model;
  if (stillWork.length === 0 && recoveryCodesLeft === 0) {
    return (
      <p>
        <Message k="remove.nothing" />
      </p>
    );
  }
  return (
    <>
      <p>
        <Message k="remove.still" />
      </p>
      <ul class="points">
        {stillWork.map(({ id, label, method }) => (
          <li key={id}>
            <bdi>{label}</bdi> (<Message k={`method.${method}`} />)
          </li>
        ))}
        {recoveryCodesLeft > 0 && (
          <li>
            <Message k="remove.codes_left" values={{ count: recoveryCodesLeft }} />
          </li>
        )}
      </ul>
    </>
  );
}
