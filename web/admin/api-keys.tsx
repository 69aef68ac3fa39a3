import type { VNode } from "preact";
import type { ApiKeyView } from "../../src/http/pages/admin-models.ts";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { usePage, useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { Choices, SmallField } from "./fields.tsx";
import { Status } from "./relying-parties.tsx";
import type { ViewModel } from "./view-model.ts";

type Props = Readonly<{ model: ViewModel<"relying_party"> }>;

/** The keys of a relying party: by their first characters, never whole. */
export function ApiKeys({ model }: Props): VNode {
  const mayManage = model.self.may.includes("manage") && model.relyingParty.status === "active";
  return (
    <section class="section">
      <KeyTable model={model} mayManage={mayManage} />
      {mayManage && <NewKey model={model} />}
    </section>
  );
}

function KeyTable({ model, mayManage }: Props & Readonly<{ mayManage: boolean }>): VNode {
  const text = useText();
  const columns = [
    text("admin.keys.starts"),
    text("admin.keys.may"),
    text("admin.column.state"),
    text("admin.keys.expires"),
    text("admin.column.last_used"),
    ...(mayManage ? [text("admin.keys.change")] : []),
  ];
  const rows = model.keys.map((key) => ({
    key: key.id,
    cells: [
      <code key="prefix" dir="ltr">
        {key.prefix}…
      </code>,
      <span key="scopes" dir="ltr">
        {key.scopes.join(", ")}
      </span>,
      <Status key="status" status={key.status} />,
      key.expiresAt === undefined ? text("admin.never") : <Time key="ends" at={key.expiresAt} precision="day" />,
      key.lastUsedAt === undefined ? text("admin.never") : <Time key="used" at={key.lastUsedAt} />,
      ...(mayManage
        ? [
            (key.status === "active" || key.status === "stopped") && (
              <RevokeKey key="revoke" of={key} rpId={model.relyingParty.id} />
            ),
          ]
        : []),
    ],
  }));
  return <Table caption={text("admin.keys")} columns={columns} rows={rows} />;
}

function RevokeKey({ of, rpId }: Readonly<{ of: ApiKeyView; rpId: string }>): VNode {
  const text = useText();
  return (
    <More summary={<Message k="admin.keys.revoke" />} label={text("admin.keys.revoke_for", { prefix: of.prefix })}>
      <Form action={`/admin/relying-parties/${rpId}/keys/${of.id}/revoke`}>
        <p>
          <Message k="admin.keys.revoke_note" />
        </p>
        <Button tone="danger" small label={text("admin.keys.revoke_for", { prefix: of.prefix })}>
          <Message k="admin.keys.revoke_sure" />
        </Button>
      </Form>
    </More>
  );
}

function NewKey({ model }: Props): VNode {
  const text = useText();
  const { turn } = usePage();
  const { relyingParty, scopes, created } = model;
  return (
    <More key={created === undefined ? "new" : turn} summary={<Message k="admin.keys.new" />}>
      <p>
        <Message k="admin.keys.new_note" />
      </p>
      <Form action={`/admin/relying-parties/${relyingParty.id}/keys`}>
        <Choices
          legend={text("admin.keys.scopes")}
          options={scopes.map((scope) => ({ value: `scope:${scope}`, label: scope }))}
        />
        <SmallField
          id="expires"
          name="expires_in_days"
          type="number"
          label={text("admin.keys.days")}
          hint={text("admin.keys.days_hint")}
        />
        <div class="row">
          <Button tone="primary">
            <Message k="admin.keys.create" />
          </Button>
        </div>
      </Form>
    </More>
  );
}
