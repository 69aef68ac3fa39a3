import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { AccountModel } from "../../src/http/pages/models.ts";
import { useLocalPasskeyNudge } from "../passkey/local-nudge.ts";
import { signalPasskeys } from "../passkey/signal.ts";
import { Alert } from "../ui/alert.tsx";
import { Button } from "../ui/button.tsx";
import { Form, Hidden } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { Activity } from "./activity.tsx";
import { AuthenticatorItem } from "./authenticator-item.tsx";
import { Suspicion } from "./suspicion.tsx";

type OverviewModel = Extract<AccountModel, { view: "overview" }>;

/** Everything of the person's at a glance: ways to sign in, recovery codes, and what happened lately. */
export function Overview({ model }: Readonly<{ model: OverviewModel }>): VNode {
  const text = useText();
  const { turn } = usePage();
  const { signal } = model;
  useEffect(() => {
    if (signal !== undefined) void signalPasskeys(signal);
  }, [signal]);
  return (
    <Layout key={`overview-${turn}`} heading={text("account.title")} width="wide">
      {model.done && (
        <Alert tone="success">
          <Message k={`account.done.${model.done}`} />
        </Alert>
      )}
      {model.suspicion && <Suspicion suspicion={model.suspicion} />}
      <Authenticators model={model} />
      <RecoveryCodesLeft left={model.recoveryCodesLeft} />
      <Activity activity={model.activity} />
      <Ways returnHost={model.returnHost} />
    </Layout>
  );
}

function Authenticators({ model }: Readonly<{ model: OverviewModel }>): VNode {
  return (
    <section class="section" aria-labelledby="authenticators">
      <h2 id="authenticators">
        <Message k="account.authenticators" />
      </h2>
      {model.nudgeSecond ? <NudgeSecond /> : <NudgeLocalPasskey />}
      {model.authenticators.length === 0 && (
        <p>
          <Message k="account.none" />
        </p>
      )}
      <ul class="items">
        {model.authenticators.map((authenticator, index) => (
          <AuthenticatorItem key={authenticator.id} authenticator={authenticator} position={index + 1} />
        ))}
      </ul>
      <div class="row">
        <AddForm method="webauthn" k="account.add_passkey" />
        <AddForm method="totp" k="account.add_totp" />
      </div>
    </section>
  );
}

function AddForm({
  method,
  k,
}: Readonly<{ method: "webauthn" | "totp"; k: "account.add_passkey" | "account.add_totp" }>): VNode {
  return (
    <Form action="/account/add" kind="inline">
      <Hidden name="method" value={method} />
      <Button>
        <Message k={k} />
      </Button>
    </Form>
  );
}

function NudgeSecond(): VNode {
  return (
    <div class="nudge">
      <p>
        <Message k="account.nudge" />
      </p>
      <Form action="/account/remind-later" kind="inline">
        <Button tone="quiet">
          <Message k="account.remind_later" />
        </Button>
      </Form>
    </div>
  );
}

function NudgeLocalPasskey(): VNode | null {
  const [wanted, decline] = useLocalPasskeyNudge();
  if (!wanted) return null;
  return (
    <div class="nudge">
      <p>
        <Message k="account.nudge_local" />
      </p>
      <div class="row">
        <AddForm method="webauthn" k="account.add_passkey" />
        <Button type="button" tone="quiet" onClick={decline}>
          <Message k="account.not_now" />
        </Button>
      </div>
    </div>
  );
}

function RecoveryCodesLeft({ left }: Readonly<{ left: number | undefined }>): VNode {
  const none = left === undefined || left === 0;
  return (
    <section class="section" aria-labelledby="codes">
      <h2 id="codes">
        <Message k="account.codes" />
      </h2>
      <p>
        {none ? <Message k="account.codes_none" /> : <Message k="account.codes_left" values={{ count: left }} />}{" "}
        {left !== undefined && left <= 3 && <Message k="account.codes_low" />}
      </p>
      <Form action="/account/recovery-codes" kind="inline">
        <Button describedBy={none ? undefined : "renew-note"}>
          <Message k="account.codes_renew" />
        </Button>
        {!none && (
          <span class="hint" id="renew-note">
            <Message k="account.codes_renew_note" />
          </span>
        )}
      </Form>
    </section>
  );
}

function Ways({ returnHost }: Readonly<{ returnHost: string | undefined }>): VNode {
  return (
    <div class="row row-end">
      {returnHost !== undefined && (
        <Form action="/account/finish" kind="inline">
          <Button tone="primary">
            <Message k="account.finish_to" values={{ host: returnHost }} />
          </Button>
        </Form>
      )}
      <Form action="/account/sign-out" kind="inline">
        <Button tone="quiet">
          <Message k="account.sign_out" />
        </Button>
      </Form>
    </div>
  );
}
