import type { VNode } from "preact";
import type { AccountModel } from "../../src/http/pages/models.ts";
import { Challenge } from "../challenge/challenge.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { RecoveryCodes } from "../ui/recovery-codes.tsx";
import { Overview } from "./overview.tsx";
import { Remove } from "./remove.tsx";

/** Looking after one's own authenticators. */
export function AccountPage({ model }: Readonly<{ model: AccountModel }>): VNode {
  switch (model.view) {
    case "step_up":
      return <StepUp model={model} />;
    case "overview":
      return <Overview model={model} />;
    case "remove":
      return <Remove model={model} />;
    case "recovery_codes":
      return <RecoveryCodes view={model.recoveryCodes} action="/account/saved" />;
    case "signed_out":
      return <SignedOut />;
  }
}

function StepUp({ model }: Readonly<{ model: Extract<AccountModel, { view: "step_up" }> }>): VNode {
  const page = usePage();
  return (
    <Challenge
      challenge={model.challenge}
      action="/account/verify"
      path="/account"
      onSwitch={(challenge) => page.show({ ...model, challenge })}
      why={<Message k={`account.why.${model.why}`} />}
    />
  );
}

function SignedOut(): VNode {
  const text = useText();
  return (
    <Layout key="signed_out" heading={text("signed_out.title")}>
      <p class="lead">
        <Message k="signed_out.lead" />
      </p>
    </Layout>
  );
}
