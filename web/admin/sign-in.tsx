import type { VNode } from "preact";
import { PasskeyButton, PasskeyForm } from "../passkey/passkey-form.tsx";
import { Alert } from "../ui/alert.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import type { ViewModel } from "./view-model.ts";

/** The one way in: a passkey. Every refusal reads the same. */
export function SignIn({ model }: Readonly<{ model: ViewModel<"sign_in"> }>): VNode {
  const text = useText();
  const { turn } = usePage();
  return (
    <Layout key="sign_in" heading={text("admin.sign_in.title")}>
      <p class="lead">
        <Message k="admin.sign_in.lead" />
      </p>
      {model.problem && (
        <Alert tone="problem" key={turn}>
          <Message k="admin.sign_in.refused" />
        </Alert>
      )}
      <PasskeyForm action="/admin/sign-in" ceremony="get" options={model.options}>
        <PasskeyButton tone="primary">
          <Message k="admin.sign_in.button" />
        </PasskeyButton>
      </PasskeyForm>
      <p class="hint">
        <Message k="admin.sign_in.lost" />
      </p>
    </Layout>
  );
}
