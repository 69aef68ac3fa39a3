import type { VNode } from "preact";
import { Button } from "../ui/button.tsx";
import { Form, TextField } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { AdminLayout } from "./admin-layout.tsx";
import { SelectField } from "./fields.tsx";
import { Guessing } from "./guessing.tsx";
import type { ViewModel } from "./view-model.ts";

/** Finding a person by the exact reference that a relying party uses. */
export function Find({ model }: Readonly<{ model: ViewModel<"find"> }>): VNode {
  const text = useText();
  const { self, problem, relyingParties, guessing } = model;
  return (
    <AdminLayout view="find" place="find" self={self} heading={text("admin.find.title")} problem={problem}>
      <Guessing guessing={guessing} />
      <p class="lead">
        <Message k="admin.find.lead" />
      </p>
      {relyingParties.length === 0 ? (
        <p>
          <Message k="admin.find.none" />
        </p>
      ) : (
        <FindForm relyingParties={relyingParties} />
      )}
    </AdminLayout>
  );
}

function FindForm({ relyingParties }: Pick<ViewModel<"find">, "relyingParties">): VNode {
  const text = useText();
  return (
    <Form action="/admin/subjects">
      <SelectField
        id="relying-party"
        name="relying_party"
        label={text("admin.find.relying_party")}
        options={relyingParties.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TextField
        id="subject"
        name="subject"
        label={text("admin.find.subject")}
        hint={text("admin.find.subject_hint")}
        required
        maxLength={255}
      />
      <div class="row change-button">
        <Button tone="primary" describedBy="find-noted">
          <Message k="admin.find.button" />
        </Button>
        <span class="hint" id="find-noted">
          <Message k="admin.find.noted" />
        </span>
      </div>
    </Form>
  );
}
