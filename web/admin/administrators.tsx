import type { VNode } from "preact";
import type { AdministratorView } from "../../src/http/pages/admin-models.ts";
import { Badge } from "../ui/badge.tsx";
import { TextField } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { AdminLayout } from "./admin-layout.tsx";
import { ChangeForm } from "./change-form.tsx";
import { SelectField } from "./fields.tsx";
import { SecretBox } from "./secret-box.tsx";
import type { ViewModel } from "./view-model.ts";

const ROLES = ["owner", "operator", "auditor"] as const;

type Props = Readonly<{ model: ViewModel<"administrators"> }>;

/** Who may administer the service, who is invited to, and for owners the way to invite. */
export function Administrators({ model }: Props): VNode {
  const text = useText();
  const { self, problem, administrators } = model;
  return (
    <AdminLayout
      view="administrators"
      place="administrators"
      self={self}
      heading={text("admin.admins.title")}
      problem={problem}
    >
      <Invited model={model} />
      <List administrators={administrators} />
      <InviteForm model={model} />
    </AdminLayout>
  );
}

function Invited({ model }: Props): VNode | null {
  const text = useText();
  const { locale, live } = usePage();
  const { invited } = model;
  if (invited === undefined) return null;
  const zone = live ? {} : { timeZone: "UTC" };
  const format = new Intl.DateTimeFormat(locale.lang, { dateStyle: "medium", timeStyle: "short", ...zone });
  const time = format.format(new Date(invited.expiresAt)) + (live ? "" : " UTC");
  return (
    <SecretBox
      title={text("admin.admins.invited.title")}
      lead={text("admin.admins.invited.lead", { time })}
      secrets={[{ label: text("admin.admins.invited.label"), value: invited.url }]}
    />
  );
}

function List({ administrators }: Readonly<{ administrators: readonly AdministratorView[] }>): VNode {
  const text = useText();
  const columns = [
    text("admin.column.name"),
    text("admin.admins.role"),
    text("admin.admins.since"),
    text("admin.admins.last_sign_in"),
  ];
  const rows = administrators.map((one) => ({
    key: one.id,
    cells: [
      <Name key="name" administrator={one} />,
      <Message key="role" k={`admin.role.${one.role}`} />,
      <Time key="since" at={one.createdAt} precision="day" />,
      one.lastSignInAt === undefined ? text("admin.never") : <Time key="seen" at={one.lastSignInAt} />,
    ],
  }));
  return <Table caption={text("admin.admins.lead")} columns={columns} rows={rows} />;
}

function Name({ administrator }: Readonly<{ administrator: AdministratorView }>): VNode {
  const { id, name, isSelf, pending } = administrator;
  return (
    <span class="cell-badges">
      <a href={`/admin/administrators/${id}`}>
        <bdi>{name}</bdi>
      </a>
      {isSelf && (
        <Badge tone="accent">
          <Message k="admin.admins.you" />
        </Badge>
      )}
      {pending && (
        <Badge>
          <Message k="admin.admins.pending" />
        </Badge>
      )}
    </span>
  );
}

function InviteForm({ model }: Props): VNode | null {
  const text = useText();
  const { turn } = usePage();
  const { touch, invited } = model;
  if (touch === undefined) return null;
  return (
    <section class="section" aria-labelledby="invite-heading" key={invited === undefined ? "invite" : turn}>
      <h2 id="invite-heading">
        <Message k="admin.admins.invite" />
      </h2>
      <ul class="points">
        {ROLES.map((role) => (
          <li key={role}>
            <Message k={`admin.role_text.${role}`} />
          </li>
        ))}
      </ul>
      <ChangeForm
        id="invite"
        action="/admin/administrators"
        touch={touch}
        tone="primary"
        button={<Message k="admin.admins.invite_button" />}
      >
        <TextField id="name" name="name" label={text("admin.admins.invite_name")} required maxLength={64} />
        <SelectField
          id="role"
          name="role"
          label={text("admin.admins.role")}
          value="operator"
          options={ROLES.map((role) => ({ value: role, label: text(`admin.role.${role}`) }))}
        />
      </ChangeForm>
    </section>
  );
}
