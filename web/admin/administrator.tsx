import type { VNode } from "preact";
import { Facts } from "../ui/facts.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { Time } from "../ui/time.tsx";
import { AdminLayout } from "./admin-layout.tsx";
import { ChangeForm, Consequences } from "./change-form.tsx";
import type { ViewModel } from "./view-model.ts";

type Props = Readonly<{ model: ViewModel<"administrator"> }>;

/** One administrator, or somebody invited to become one, and for owners the way to remove them. */
export function Administrator({ model }: Props): VNode {
  const { self, problem, administrator } = model;
  return (
    <AdminLayout
      view={`administrator ${administrator.id}`}
      place="administrators"
      self={self}
      heading={administrator.name}
      problem={problem}
    >
      <p>
        <a href="/admin/administrators">
          <Message k="admin.admin.back" />
        </a>
      </p>
      <About model={model} />
      {administrator.isSelf && (
        <p class="hint">
          <Message k="admin.admin.self" />
        </p>
      )}
      <RemoveForm model={model} />
    </AdminLayout>
  );
}

function About({ model }: Props): VNode {
  const text = useText();
  const { role, createdAt, lastSignInAt, expiresAt, pending } = model.administrator;
  const never = pending ? undefined : text("admin.never");
  return (
    <Facts
      facts={[
        { term: text("admin.admins.role"), value: <Message k={`admin.role.${role}`} /> },
        { term: text("admin.admins.since"), value: <Time at={createdAt} precision="day" /> },
        { term: text("admin.admins.last_sign_in"), value: lastSignInAt ? <Time at={lastSignInAt} /> : never },
        { term: text("admin.admin.expires"), value: expiresAt && <Time at={expiresAt} /> },
      ]}
    />
  );
}

function RemoveForm({ model }: Props): VNode | null {
  const { administrator, touch } = model;
  if (touch === undefined) return null;
  const what = administrator.pending ? "withdraw" : "remove";
  const consequences = administrator.pending
    ? [<Message key="link" k="admin.admin.withdraw.consequence" />]
    : [
        <Message key="out" k="admin.admin.remove.consequence.out" />,
        <Message key="stays" k="admin.admin.remove.consequence.stays" />,
      ];
  return (
    <section class="section" aria-labelledby="remove-heading">
      <h2 id="remove-heading">
        <Message k={`admin.admin.${what}.open`} />
      </h2>
      <Consequences>{consequences}</Consequences>
      <ChangeForm
        id="remove"
        action={`/admin/administrators/${administrator.id}/remove`}
        touch={touch}
        asksReason="person"
        button={<Message k={`admin.admin.${what}.button`} />}
      />
    </section>
  );
}
