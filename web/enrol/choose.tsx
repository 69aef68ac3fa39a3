import type { ComponentChildren, VNode } from "preact";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Form, Hidden } from "../ui/form.tsx";
import { AppIcon, PasskeyIcon } from "../ui/icons.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";

/** The two kinds of authenticator side by side, the safer one first. */
export function Choose({ hasAuthenticators }: Readonly<{ hasAuthenticators: boolean }>): VNode {
  const text = useText();
  const which = hasAuthenticators ? "more" : "first";
  return (
    <Layout key="choose" heading={text(`enrol.choose.title_${which}`)}>
      <p class="lead">
        <Message k={`enrol.choose.lead_${which}`} />
      </p>
      <ul class="options">
        <Option kind="passkey" method="webauthn" icon={<PasskeyIcon />} recommended />
        <Option kind="totp" method="totp" icon={<AppIcon />} />
      </ul>
    </Layout>
  );
}

type OptionProps = Readonly<{
  kind: "passkey" | "totp";
  method: "webauthn" | "totp";
  icon: ComponentChildren;
  recommended?: boolean;
}>;

function Option({ kind, method, icon, recommended = false }: OptionProps): VNode {
  return (
    <li class="option">
      <h2>
        {icon}
        <span>
          <Message k={`enrol.choose.${kind}.title`} />
        </span>
        {recommended && (
          <Badge tone="accent">
            <Message k="enrol.choose.recommended" />
          </Badge>
        )}
      </h2>
      <p id={`about-${kind}`}>
        <Message k={`enrol.choose.${kind}.text`} />
      </p>
      <Form action="/enrol/method">
        <Hidden name="method" value={method} />
        <Button tone={recommended ? "primary" : "secondary"} describedBy={`about-${kind}`}>
          <Message k={`enrol.choose.${kind}.button`} />
        </Button>
      </Form>
    </li>
  );
}
