import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import type { TouchView } from "../../src/http/pages/admin-models.ts";
import { PasskeyButton, PasskeyForm } from "../passkey/passkey-form.tsx";
import { Hidden } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { ReasonField, type ReasonReader } from "./fields.tsx";

type Props = Readonly<{
  /** Unique on the page. */
  id: string;
  action: string;
  touch: TouchView;
  button: ComponentChildren;
  tone?: "primary" | "danger";
  /** Asks for a reason, and keeps the button shut until there is one; says who can read it. */
  asksReason?: ReasonReader;
  children?: ComponentChildren;
}>;

/** A form that changes something: its fields, a reason where one is due, and a fresh touch of the passkey. */
export function ChangeForm({ id, action, touch, button, tone = "danger", asksReason, children }: Props): VNode {
  const [reason, setReason] = useState("");
  return (
    <PasskeyForm action={action} ceremony="get" options={touch.options}>
      <Hidden name="touch" value={touch.id} />
      {children}
      {asksReason && <ReasonField id={`${id}-reason`} readBy={asksReason} value={reason} onInput={setReason} />}
      <div class="row change-button">
        <PasskeyButton
          tone={tone}
          disabled={asksReason !== undefined && reason.trim() === ""}
          describedBy={`${id}-touch`}
        >
          {button}
        </PasskeyButton>
        <span class="hint" id={`${id}-touch`}>
          <Message k="admin.touch.note" />
        </span>
      </div>
    </PasskeyForm>
  );
}

/** What a change brings about, spelled out before it is made. */
export function Consequences({ children }: Readonly<{ children: readonly VNode[] }>): VNode {
  return (
    <ul class="points">
      {children.map((child, index) => (
        <li key={index}>{child}</li>
      ))}
    </ul>
  );
}
