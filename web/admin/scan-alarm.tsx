import type { VNode } from "preact";
import { Note } from "../ui/alert.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { useText } from "../ui/page.ts";
import { ChangeForm, Consequences } from "./change-form.tsx";
import { SmallField } from "./fields.tsx";
import type { ViewModel } from "./view-model.ts";

type Props = Readonly<{ model: ViewModel<"relying_party"> }>;

/** That the scan alarm has stopped keys, and how they go on; how many unknown subjects a key may ask about. */
export function ScanAlarm({ model }: Props): VNode {
  const { relyingParty, unknownPerHour, unknownPerHourOfRealm, touch } = model;
  const count = unknownPerHour ?? unknownPerHourOfRealm;
  return (
    <section class="section" aria-labelledby="scan">
      <h2 id="scan">
        <Message k="admin.scan" />
      </h2>
      {relyingParty.stoppedKeys > 0 && (
        <Note tone="problem">
          <Message k="admin.scan.stopped" values={{ count: relyingParty.stoppedKeys }} />
        </Note>
      )}
      <p>
        <Message k="admin.scan.limit" values={{ count }} />
      </p>
      {touch?.lift && <LiftForm model={model} touch={touch.lift} />}
      {touch && <LimitForm model={model} touch={touch.limit} />}
    </section>
  );
}

type FormProps = Props & Readonly<{ touch: NonNullable<ViewModel<"relying_party">["touch"]>["limit"] }>;

function LiftForm({ model, touch }: FormProps): VNode {
  return (
    <More summary={<Message k="admin.scan.lift.open" />}>
      <Consequences>
        {[
          <Message key="first" k="admin.scan.lift.consequence.first" />,
          <Message key="thief" k="admin.scan.lift.consequence.thief" />,
        ]}
      </Consequences>
      <ChangeForm
        id="lift-scan"
        action={`/admin/relying-parties/${model.relyingParty.id}/lift`}
        touch={touch}
        asksReason="log"
        button={<Message k="admin.scan.lift.button" />}
      />
    </More>
  );
}

function LimitForm({ model, touch }: FormProps): VNode {
  const text = useText();
  const { relyingParty, unknownPerHour, unknownPerHourOfRealm } = model;
  return (
    <More summary={<Message k="admin.scan.limit.open" />}>
      <ChangeForm
        id="limit"
        action={`/admin/relying-parties/${relyingParty.id}/limit`}
        touch={touch}
        tone="primary"
        button={<Message k="admin.scan.limit.button" />}
      >
        <SmallField
          id="unknown-per-hour"
          name="unknown_per_hour"
          type="number"
          value={unknownPerHour === undefined ? undefined : String(unknownPerHour)}
          label={text("admin.scan.limit.label")}
          hint={text("admin.scan.limit.hint", { count: unknownPerHourOfRealm })}
        />
      </ChangeForm>
    </More>
  );
}
