import type { VNode } from "preact";
import type { AuthenticatorView } from "../../src/http/pages/models.ts";
import { METHOD_ICONS } from "../challenge/method-switch.tsx";
import { Note } from "../ui/alert.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Facts } from "../ui/facts.tsx";
import { Form, Hidden, TextField } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { useText } from "../ui/page.ts";
import { Time } from "../ui/time.tsx";

type Props = Readonly<{
  authenticator: AuthenticatorView;
  /** Its place in the list, from 1: what the address of the remove view names, so that no id stands in a URL. */
  position: number;
}>;

/** One way to sign in: what it is, since when, and what can be done with it. */
export function AuthenticatorItem({ authenticator, position }: Props): VNode {
  const text = useText();
  const { label } = authenticator;
  return (
    <li class="item">
      <Title authenticator={authenticator} />
      {authenticator.cloneSuspected && (
        <Note tone="problem">
          <Message k="account.clone" />
        </Note>
      )}
      <AuthenticatorFacts authenticator={authenticator} />
      <div class="row item-actions">
        <Rename authenticator={authenticator} />
        <ButtonLink
          tone="quiet"
          small
          href={`/account/remove?n=${position}`}
          label={text("account.remove_for", { label })}
        >
          <Message k="account.remove" />
        </ButtonLink>
      </div>
    </li>
  );
}

function Title({ authenticator }: Readonly<{ authenticator: AuthenticatorView }>): VNode {
  const text = useText();
  const { label, method, sync } = authenticator;
  const Icon = METHOD_ICONS[method];
  return (
    <h3>
      <Icon />
      <bdi class="label">{label}</bdi>
      {label !== text(`method.${method}`) && (
        <Badge>
          <Message k={`method.${method}`} />
        </Badge>
      )}
      {sync && (
        <Badge>
          <Message k={`sync.short.${sync}`} />
        </Badge>
      )}
    </h3>
  );
}

/** Where it is kept, when it was added and last used. */
function AuthenticatorFacts({ authenticator }: Readonly<{ authenticator: AuthenticatorView }>): VNode {
  const text = useText();
  const { createdAt, lastUsedAt, provider } = authenticator;
  return (
    <Facts
      facts={[
        { term: text("account.provider"), value: provider && <bdi>{provider}</bdi> },
        { term: text("account.added"), value: <Time at={createdAt} precision="day" /> },
        {
          term: text("account.last_used"),
          value: lastUsedAt === undefined ? text("account.never_used") : <Time at={lastUsedAt} />,
        },
      ]}
    />
  );
}

function Rename({ authenticator }: Readonly<{ authenticator: AuthenticatorView }>): VNode {
  const text = useText();
  const { id, label } = authenticator;
  return (
    <More summary={<Message k="account.rename" />} label={text("account.rename_for", { label })}>
      <Form action="/account/rename">
        <Hidden name="authenticator" value={id} />
        <TextField
          id={`label-${id}`}
          name="label"
          label={text("account.rename_label")}
          value={label}
          required
          maxLength={64}
        />
        <Button>
          <Message k="account.save" />
        </Button>
      </Form>
    </More>
  );
}
