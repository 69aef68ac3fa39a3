import type { VNode } from "preact";
import type { RelyingPartyView } from "../../src/http/pages/admin-models.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Form, TextField } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { AdminLayout } from "./admin-layout.tsx";
import { LinesField } from "./fields.tsx";
import type { ViewModel } from "./view-model.ts";

/** All relying parties, and for owners the way to register another. */
export function RelyingParties({ model }: Readonly<{ model: ViewModel<"relying_parties"> }>): VNode {
  const text = useText();
  const { self, problem, relyingParties } = model;
  return (
    <AdminLayout
      view="relying_parties"
      place="relying_parties"
      self={self}
      heading={text("admin.rps.title")}
      problem={problem}
    >
      {relyingParties.length === 0 ? (
        <p>
          <Message k="admin.rps.none" />
        </p>
      ) : (
        <List relyingParties={relyingParties} />
      )}
      {self.may.includes("manage") && <NewForm />}
    </AdminLayout>
  );
}

function List({ relyingParties }: Readonly<{ relyingParties: readonly RelyingPartyView[] }>): VNode {
  const text = useText();
  const columns = [
    text("admin.column.name"),
    text("admin.column.state"),
    text("admin.rps.keys"),
    text("admin.rps.created"),
  ];
  const rows = relyingParties.map(({ id, name, status, activeKeys, stoppedKeys, createdAt }) => ({
    key: id,
    cells: [
      <a key="name" href={`/admin/relying-parties/${id}`}>
        <bdi>{name}</bdi>
      </a>,
      <Status key="status" status={status === "active" && stoppedKeys > 0 ? "stopped" : status} />,
      activeKeys,
      <Time key="created" at={createdAt} precision="day" />,
    ],
  }));
  return <Table caption={text("admin.rps.lead")} columns={columns} rows={rows} />;
}

/** Whether something still works, in a pill. */
export function Status({ status }: Readonly<{ status: "active" | "stopped" | "revoked" | "expired" }>): VNode {
  return (
    <Badge tone={status === "active" ? "accent" : "danger"}>
      <Message k={`admin.status.${status}`} />
    </Badge>
  );
}

function NewForm(): VNode {
  const text = useText();
  return (
    <section class="section" aria-labelledby="new">
      <h2 id="new">
        <Message k="admin.rps.new" />
      </h2>
      <Form action="/admin/relying-parties">
        <TextField
          id="name"
          name="name"
          label={text("admin.rps.name")}
          hint={text("admin.rps.name_hint")}
          required
          maxLength={64}
        />
        <LinesField
          id="redirect-uris"
          name="redirect_uris"
          rows={3}
          label={text("admin.rps.redirect_uris")}
          hint={text("admin.rps.redirect_uris_hint")}
        />
        <div class="row">
          <Button tone="primary">
            <Message k="admin.rps.create" />
          </Button>
        </div>
      </Form>
    </section>
  );
}
