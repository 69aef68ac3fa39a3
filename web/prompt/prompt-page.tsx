import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { PromptModel } from "../../src/http/pages/models.ts";
import { Challenge } from "../challenge/challenge.tsx";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { usePage, useText } from "../ui/page.ts";
import { msUntil } from "./expiry.ts";

type View<Name extends PromptModel["view"]> = Extract<PromptModel, { view: Name }>;

/** The step-up prompt: proves that the person holds an authenticator, then sends them back. */
export function PromptPage({ model }: Readonly<{ model: PromptModel }>): VNode {
  switch (model.view) {
    case "challenge":
      return <ChallengeStep model={model} />;
    case "recovery_used":
      return <RecoveryUsed model={model} />;
    case "expired":
      return <Expired />;
    case "closed":
      return <Closed model={model} />;
  }
}

function ChallengeStep({ model }: Readonly<{ model: View<"challenge"> }>): VNode {
  const page = usePage();
  const { expiresAt } = model.challenge;
  useEffect(() => {
    const wait = msUntil(expiresAt, Date.now());
    if (wait === undefined) return undefined;
    const timer = setTimeout(() => page.show({ ...page.frame, page: "prompt", view: "expired" }), wait);
    return () => clearTimeout(timer);
  }, [expiresAt]);
  return (
    <Challenge
      challenge={model.challenge}
      action="/prompt"
      path="/prompt"
      onSwitch={(challenge) => page.show({ ...model, challenge })}
    >
      <Form action="/prompt/cancel">
        <Button tone="quiet">
          <Message k="challenge.cancel" />
        </Button>
      </Form>
      <Lost />
    </Challenge>
  );
}

/** The last resort, folded away so that nobody takes it for one of the ways in. */
function Lost(): VNode {
  return (
    <More summary={<Message k="prompt.lost.open" />}>
      <p>
        <Message k="prompt.lost.note" />
      </p>
      <Form action="/prompt/help">
        <Button tone="quiet">
          <Message k="prompt.lost.button" />
        </Button>
      </Form>
    </More>
  );
}

function RecoveryUsed({ model }: Readonly<{ model: View<"recovery_used"> }>): VNode {
  const text = useText();
  const left = model.recoveryCodesLeft;
  return (
    <Layout key="recovery_used" heading={text("prompt.recovery_used.title")}>
      <p class="lead">
        {left === 0 ? (
          <Message k="prompt.recovery_used.none" />
        ) : (
          <Message k="prompt.recovery_used.left" values={{ count: left }} />
        )}
      </p>
      {left <= 3 && (
        <p>
          <Message k="prompt.recovery_used.renew" />
        </p>
      )}
      <ContinueForm host={model.returnHost} />
    </Layout>
  );
}

function Expired(): VNode {
  const text = useText();
  return (
    <Layout key="expired" heading={text("prompt.expired.title")}>
      <p class="lead">
        <Message k="prompt.expired.lead" />
      </p>
      <Form action="/prompt/restart">
        <Button tone="primary">
          <Message k="prompt.expired.button" />
        </Button>
      </Form>
    </Layout>
  );
}

function Closed({ model }: Readonly<{ model: View<"closed"> }>): VNode {
  const text = useText();
  return (
    <Layout key="closed" heading={text(`prompt.closed.${model.reason}.title`)}>
      <p class="lead">
        <Message k={`prompt.closed.${model.reason}.lead`} />
      </p>
      {model.returnHost === undefined ? (
        <p>
          <Message k="prompt.closed.close" />
        </p>
      ) : (
        <ContinueForm host={model.returnHost} />
      )}
    </Layout>
  );
}

function ContinueForm({ host }: Readonly<{ host: string }>): VNode {
  return (
    <Form action="/prompt/continue">
      <Button tone="primary">
        <Message k="prompt.continue_to" values={{ host }} />
      </Button>
    </Form>
  );
}
