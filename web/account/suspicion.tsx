import type { VNode } from "preact";
import type { AccountModel } from "../../src/http/pages/models.ts";
import { Button } from "../ui/button.tsx";
import { Form, Hidden } from "../ui/form.tsx";
import { WarningIcon } from "../ui/icons.tsx";
import { Message } from "../ui/message.tsx";
import { Time } from "../ui/time.tsx";

type Props = Readonly<{ suspicion: NonNullable<Extract<AccountModel, { view: "overview" }>["suspicion"]> }>;

/** That somebody else probably knows the password, and the person's word on it. */
export function Suspicion({ suspicion }: Props): VNode {
  const { at, cause, relyingParty } = suspicion;
  return (
    <section class="section suspicion" aria-labelledby="suspicion">
      <h2 id="suspicion">
        <WarningIcon />
        <Message k="suspicion.title" />
      </h2>
      <p>
        <Message k={`suspicion.${cause}`} />
      </p>
      <p class="hint">
        <Time at={at} />
        {relyingParty && (
          <>
            {" · "}
            <bdi>{relyingParty}</bdi>
          </>
        )}
      </p>
      <div class="row">
        <Answer value="me" k="suspicion.me" />
        <Answer value="not_me" k="suspicion.not_me" />
      </div>
      <p class="hint">
        <Message k="suspicion.not_me_note" />
      </p>
    </section>
  );
}

function Answer({ value, k }: Readonly<{ value: "me" | "not_me"; k: "suspicion.me" | "suspicion.not_me" }>): VNode {
  return (
    <Form action="/account/suspicion" kind="inline">
      <Hidden name="answer" value={value} />
      <Button tone={value === "not_me" ? "danger" : undefined}>
        <Message k={k} />
      </Button>
    </Form>
  );
}
