import type { VNode } from "preact";
import { PasskeyButton, PasskeyForm } from "../passkey/passkey-form.tsx";
import { Facts } from "../ui/facts.tsx";
import { TextField } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { ProblemAlert } from "./admin-layout.tsx";
import type { ViewModel } from "./view-model.ts";

/** What the invited person becomes, and the passkey that makes them so. */
export function Invite({ model }: Readonly<{ model: ViewModel<"invite"> }>): VNode {
  const text = useText();
  const { role, name, options, problem } = model;
  return (
    <Layout key="invite" heading={text("admin.invite.title")}>
      <p class="lead">
        <Message k="admin.invite.lead" />
      </p>
      <ProblemAlert problem={problem} />
      <Facts facts={[{ term: text("admin.invite.role"), value: <Message k={`admin.role.${role}`} /> }]} />
      <p>
        <Message k={`admin.role_text.${role}`} />
      </p>
      <PasskeyForm action="/admin/invite" ceremony="create" options={options}>
        <TextField
          id="name"
          name="name"
          label={text("admin.invite.name")}
          hint={text("admin.invite.name_hint")}
          value={name}
          required
          maxLength={64}
        />
        <p class="hint">
          <Message k="admin.invite.shared" />
        </p>
        <PasskeyButton tone="primary" attachment="platform">
          <Message k="admin.invite.this_device" />
        </PasskeyButton>
        <PasskeyButton attachment="cross-platform">
          <Message k="admin.invite.other_device" />
        </PasskeyButton>
      </PasskeyForm>
    </Layout>
  );
}
