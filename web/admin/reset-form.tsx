import type { VNode } from "preact";
import { Hidden } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { usePage, useText } from "../ui/page.ts";
import { ChangeForm, Consequences } from "./change-form.tsx";
import { SelectField } from "./fields.tsx";
import type { ViewModel } from "./view-model.ts";

/** One way to sign in, or all of them: what it brings about, why, and a touch. */
export function ResetForm({ model }: Readonly<{ model: ViewModel<"subject"> }>): VNode | null {
  const text = useText();
  const { turn } = usePage();
  const { authenticators, done, target, touch } = model;
  if (touch === undefined) return null;
  const options = [
    { value: "", label: text("admin.reset.all") },
    ...authenticators.map(({ id, label, method }) => ({ value: id, label: `${label} (${text(`method.${method}`)})` })),
  ];
  return (
    <More key={done === undefined ? "reset" : turn} summary={<Message k="admin.reset.open" />}>
      <Consequences>
        {[
          <Message key="first" k="admin.reset.consequence.first" />,
          <Message key="sessions" k="admin.reset.consequence.sessions" />,
          <Message key="again" k="admin.reset.consequence.again" />,
          <Message key="told" k="admin.reset.consequence.told" />,
        ]}
      </Consequences>
      <ChangeForm
        id="reset"
        action="/admin/subjects/reset"
        touch={touch.reset}
        asksReason="person"
        button={<Message k="admin.reset.button" />}
      >
        <Hidden name="target" value={target} />
        <SelectField id="reset-what" name="authenticator" label={text("admin.reset.what")} options={options} />
      </ChangeForm>
    </More>
  );
}
