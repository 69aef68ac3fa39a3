import type { ComponentChildren, VNode } from "preact";
import type { Method } from "../../src/domain/authenticator.ts";
import type { ChallengeView } from "../../src/http/pages/models.ts";
import { PasskeyButton, PasskeyForm } from "../passkey/passkey-form.tsx";
import { Alert } from "../ui/alert.tsx";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { RecoveryCodeField, TotpField } from "./code-field.tsx";
import { MethodSwitch } from "./method-switch.tsx";
import { problemMessage } from "./problem.ts";

type Props = Readonly<{
  challenge: ChallengeView;
  /** Where answers are posted. */
  action: string;
  /** The page that shows another method with `?method=`. */
  path: string;
  /** Shows the same challenge with another method, when script runs. */
  onSwitch: (challenge: ChallengeView) => void;
  /** Why the person is asked, above the method's own words. */
  why?: ComponentChildren;
  /** Below everything: ways out. */
  children?: ComponentChildren;
}>;

const HEADINGS = {
  webauthn: "challenge.passkey.title",
  totp: "challenge.totp.title",
  recovery_code: "challenge.recovery.title",
} as const;

const PROBLEM_ID = "problem";

/** The view of a challenge: one method in full, the others as links in the same place and order. */
export function Challenge({ challenge, action, path, onSwitch, why, children }: Props): VNode {
  const text = useText();
  const { current } = challenge;
  const AnswerForm = FORMS[current];
  return (
    <Layout key={`challenge-${current}`} heading={text(HEADINGS[current])}>
      {why && <p class="lead">{why}</p>}
      <AnswerForm challenge={challenge} action={action} />
      <MethodSwitch challenge={challenge} path={path} onSwitch={onSwitch} />
      {current !== "webauthn" && (
        <p class="hint">
          <Message k="challenge.never_tell" />
        </p>
      )}
      {children}
    </Layout>
  );
}

type AnswerFormProps = Readonly<{ challenge: ChallengeView; action: string }>;

const FORMS: Readonly<Record<Method, (props: AnswerFormProps) => VNode>> = {
  webauthn: PasskeyAnswer,
  totp: TotpAnswer,
  recovery_code: RecoveryCodeAnswer,
};

function PasskeyAnswer({ challenge, action }: AnswerFormProps): VNode {
  return (
    <>
      <p class="lead">
        <Message k="challenge.passkey.lead" />
      </p>
      <Problem challenge={challenge} />
      <PasskeyForm action={action} ceremony="get" options={challenge.webauthn?.options}>
        <PasskeyButton tone="primary">
          <Message k="challenge.passkey.button" />
        </PasskeyButton>
      </PasskeyForm>
    </>
  );
}

function TotpAnswer({ challenge, action }: AnswerFormProps): VNode {
  const text = useText();
  return (
    <>
      <p class="lead">
        <Message k="challenge.totp.lead" values={{ digits: challenge.totpDigits }} />
      </p>
      <Problem challenge={challenge} />
      <Form action={action}>
        <TotpField
          label={text("challenge.totp.label")}
          digits={challenge.totpDigits}
          focus="on_arrival"
          problemId={problemId(challenge)}
        />
        <Button tone="primary">
          <Message k="challenge.continue" />
        </Button>
      </Form>
    </>
  );
}

function RecoveryCodeAnswer({ challenge, action }: AnswerFormProps): VNode {
  const text = useText();
  return (
    <>
      <p class="lead">
        <Message k="challenge.recovery.lead" />
      </p>
      <Problem challenge={challenge} />
      <Form action={action}>
        <RecoveryCodeField
          label={text("challenge.recovery.label")}
          focus="on_arrival"
          problemId={problemId(challenge)}
        />
        <Button tone="primary">
          <Message k="challenge.continue" />
        </Button>
      </Form>
    </>
  );
}

function Problem({ challenge }: Readonly<{ challenge: ChallengeView }>): VNode | null {
  const { locale, turn } = usePage();
  if (challenge.problem === undefined) return null;
  return (
    <Alert tone="problem" id={PROBLEM_ID} key={turn}>
      <Message {...problemMessage(locale, challenge.current, challenge.problem)} />
    </Alert>
  );
}

function problemId(challenge: ChallengeView): string | undefined {
  return challenge.problem && PROBLEM_ID;
}
