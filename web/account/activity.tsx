import type { VNode } from "preact";
import type { ActivityView } from "../../src/http/pages/models.ts";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { Time } from "../ui/time.tsx";

/** What happened lately, newest first as the server sends it, and the way to object. */
export function Activity({ activity }: Readonly<{ activity: readonly ActivityView[] }>): VNode {
  return (
    <section class="section" aria-labelledby="activity">
      <h2 id="activity">
        <Message k="account.activity" />
      </h2>
      {activity.length === 0 ? (
        <p>
          <Message k="account.no_activity" />
        </p>
      ) : (
        <>
          <ul class="activity">
            {activity.map((event) => (
              <ActivityItem key={event.id} event={event} />
            ))}
          </ul>
          <NotMe />
        </>
      )}
    </section>
  );
}

function ActivityItem({ event }: Readonly<{ event: ActivityView }>): VNode {
  const { at, kind, method, relyingParty, reason } = event;
  return (
    <li>
      <p class="activity-what">
        <Message k={`activity.${kind}`} />
        {method && kind !== "recovery_code_used" && (
          <>
            {" · "}
            <Message k={`method.${method}`} />
          </>
        )}
        {relyingParty && (
          <>
            {" · "}
            <bdi>{relyingParty}</bdi>
          </>
        )}
      </p>
      <p class="hint">
        <Time at={at} />
      </p>
      {kind === "used_code_refused" && (
        <p class="hint">
          <Message k="activity.used_code_note" />
        </p>
      )}
      {reason && (
        <p class="hint">
          <Message k="activity.reason" values={{ reason }} />
        </p>
      )}
    </li>
  );
}

function NotMe(): VNode {
  return (
    <More summary={<Message k="account.not_me" />}>
      <p>
        <Message k="account.not_me_note" />
      </p>
      <Form action="/account/not-me">
        <Button tone="danger">
          <Message k="account.not_me_button" />
        </Button>
      </Form>
    </More>
  );
}
