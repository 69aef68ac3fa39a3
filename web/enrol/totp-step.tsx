import type { VNode } from "preact";
import type { EnrolModel, EnrolProblem, TotpSetup } from "../../src/http/pages/models.ts";
import { TotpField } from "../challenge/code-field.tsx";
import type { MessageKey } from "../i18n/catalogue.ts";
import type { Values } from "../i18n/format.ts";
import { Alert } from "../ui/alert.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Form } from "../ui/form.tsx";
import { LabelField } from "../ui/label-field.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { ChooseAgain } from "./choose-again.tsx";
import { QrCode } from "./qr-code.tsx";

type Model = Extract<EnrolModel, { view: "totp" }>;

/** Connects an authenticator app: add the account to it, then type its first code. Nothing changes before that. */
export function TotpStep({ model }: Readonly<{ model: Model }>): VNode {
  const text = useText();
  const { turn } = usePage();
  const { totp, problem } = model;
  return (
    <Layout key="totp" heading={text("enrol.totp.title")}>
      <p class="lead">
        <Message k="enrol.totp.lead" />
      </p>
      <div class="steps">
        <AddToApp totp={totp} />
        <section class="step">
          <h2>
            <Message k="enrol.totp.step_code" />
          </h2>
          {problem && (
            <Alert tone="problem" id="problem" key={turn}>
              <Message {...problemMessage(problem)} />
            </Alert>
          )}
          <Form action="/enrol/totp">
            <TotpField
              label={text("enrol.totp.label")}
              digits={totp.digits}
              focus="on_problem"
              problemId={problem && "problem"}
            />
            <LabelField />
            <Button tone="primary">
              <Message k="enrol.totp.button" />
            </Button>
          </Form>
        </section>
      </div>
      <p class="hint">
        <Message k="enrol.totp.cancel_note" />
      </p>
      {model.canChooseAgain && <ChooseAgain />}
    </Layout>
  );
}

/** On a phone the link comes first: nobody can scan their own screen. */
function AddToApp({ totp }: Readonly<{ totp: TotpSetup }>): VNode {
  const text = useText();
  return (
    <section class="step">
      <h2>
        <Message k="enrol.totp.step_app" />
      </h2>
      <p>
        <Message k="enrol.totp.apps" />
      </p>
      <ButtonLink tone="primary" only="touch" href={totp.uri}>
        <Message k="enrol.totp.open" />
      </ButtonLink>
      <p>
        <Message k="enrol.totp.scan" />
      </p>
      <QrCode qr={totp.qr} label={text("enrol.totp.qr", { account: totp.accountName })} />
      <p id="key-label">
        <Message k="enrol.totp.key" />
      </p>
      <SetupKey groups={totp.key} />
      <p class="hint">
        <Message k="enrol.totp.account" values={{ account: totp.accountName }} />
      </p>
      <a class="only-pointer" href={totp.uri}>
        <Message k="enrol.totp.open" />
      </a>
    </section>
  );
}

function SetupKey({ groups }: Readonly<{ groups: readonly string[] }>): VNode {
  return (
    <div class="setup-key">
      <code dir="ltr" translate={false}>
        {groups.join(" ")}
      </code>
      <CopyButton text={groups.join("")}>
        <Message k="enrol.totp.copy_key" />
      </CopyButton>
    </div>
  );
}

function problemMessage(problem: EnrolProblem): Readonly<{ k: MessageKey; values?: Values }> {
  switch (problem.code) {
    case "wrong_code":
      return { k: problem.misses >= 2 ? "enrol.totp.wrong_code_again" : "enrol.totp.wrong_code" };
    case "clock_skew":
      return {
        k: problem.minutes < 0 ? "enrol.totp.clock_behind" : "enrol.totp.clock_ahead",
        values: { count: Math.abs(problem.minutes) },
      };
    case "passkey_refused":
      return { k: "enrol.passkey.refused" };
    case "already_registered":
      return { k: "passkey.already_here" };
  }
}
