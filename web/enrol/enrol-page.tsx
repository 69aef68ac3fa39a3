import type { VNode } from "preact";
import type { EnrolModel } from "../../src/http/pages/models.ts";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { RecoveryCodes } from "../ui/recovery-codes.tsx";
import { Choose } from "./choose.tsx";
import { Done } from "./done.tsx";
import { PasskeyStep } from "./passkey-step.tsx";
import { TotpStep } from "./totp-step.tsx";

/** Setting up an authenticator: choose, set up, save recovery codes, go back. */
export function EnrolPage({ model }: Readonly<{ model: EnrolModel }>): VNode {
  switch (model.view) {
    case "choose":
      return <Choose hasAuthenticators={model.hasAuthenticators} />;
    case "totp":
      return <TotpStep model={model} />;
    case "passkey":
      return <PasskeyStep model={model} />;
    case "make_codes":
      return <MakeCodes />;
    case "recovery_codes":
      return <RecoveryCodes view={model.recoveryCodes} action="/enrol/saved" />;
    case "done":
      return <Done model={model} />;
    case "expired":
      return <Expired canStartAgain={model.canChooseAgain ?? false} />;
  }
}

function MakeCodes(): VNode {
  const text = useText();
  return (
    <Layout key="make_codes" heading={text("enrol.codes.title")}>
      <p class="lead">
        <Message k="enrol.codes.lead" />
      </p>
      <Form action="/enrol/codes">
        <Button tone="primary">
          <Message k="enrol.codes.button" />
        </Button>
      </Form>
    </Layout>
  );
}

function Expired({ canStartAgain }: Readonly<{ canStartAgain: boolean }>): VNode {
  const text = useText();
  return (
    <Layout key="expired" heading={text("enrol.expired.title")}>
      <p class="lead">
        <Message k="enrol.expired.lead" />
      </p>
      {canStartAgain ? (
        <Form action="/enrol/back">
          <Button tone="primary">
            <Message k="enrol.expired.button" />
          </Button>
        </Form>
      ) : (
        <p>
          <Message k="enrol.expired.elsewhere" />
        </p>
      )}
    </Layout>
  );
}
