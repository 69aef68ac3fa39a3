import type { VNode } from "preact";
import type { EnrolModel, EnrolProblem } from "../../src/http/pages/models.ts";
import { usePasskeyAbility } from "../passkey/ability.ts";
import { PasskeyButton, PasskeyForm } from "../passkey/passkey-form.tsx";
import { Alert, Note } from "../ui/alert.tsx";
import { PasskeyIcon } from "../ui/icons.tsx";
import { LabelField } from "../ui/label-field.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { ChooseAgain } from "./choose-again.tsx";

type Model = Extract<EnrolModel, { view: "passkey" }>;

/** Makes a passkey, on this device or on a security key. */
export function PasskeyStep({ model }: Readonly<{ model: Model }>): VNode {
  const text = useText();
  return (
    <Layout key="passkey" heading={text("enrol.passkey.title")}>
      <p class="lead">
        <Message k="enrol.passkey.lead" />
      </p>
      <div class="emblem">
        <PasskeyIcon />
      </div>
      <ul class="points">
        <li>
          <Message k="enrol.passkey.point_safe" />
        </li>
        <li>
          <Message k="enrol.passkey.point_phishing" />
        </li>
      </ul>
      {model.problem && <Problem problem={model.problem} />}
      <PasskeyForm action="/enrol/passkey" ceremony="create" options={model.passkey.options}>
        <LabelField />
        <Places />
      </PasskeyForm>
      <Note>
        <Message k="enrol.passkey.shared" />
      </Note>
      {model.canChooseAgain && <ChooseAgain />}
    </Layout>
  );
}

/** Where the passkey can live; a device that cannot keep one is not offered, and the page says why. */
function Places(): VNode {
  const ability = usePasskeyAbility();
  const withoutPlatform = ability?.able === true && !ability.platform;
  if (withoutPlatform) {
    return (
      <>
        <p class="hint">
          <Message k="enrol.passkey.no_platform" />
        </p>
        <PasskeyButton tone="primary" attachment="cross-platform">
          <Message k="enrol.passkey.other_device" />
        </PasskeyButton>
      </>
    );
  }
  return (
    <>
      <PasskeyButton tone="primary" attachment="platform">
        <Message k="enrol.passkey.this_device" />
      </PasskeyButton>
      <PasskeyButton attachment="cross-platform">
        <Message k="enrol.passkey.other_device" />
      </PasskeyButton>
    </>
  );
}

function Problem({ problem }: Readonly<{ problem: EnrolProblem }>): VNode {
  const { turn } = usePage();
  const alreadyHere = problem.code === "already_registered";
  return (
    <Alert tone={alreadyHere ? "success" : "problem"} key={turn}>
      <Message k={alreadyHere ? "passkey.already_here" : "enrol.passkey.refused"} />
    </Alert>
  );
}
