import type { VNode } from "preact";
import type { AuthenticatorView } from "../../src/http/pages/models.ts";
import { Alert } from "../ui/alert.tsx";
import { Badge } from "../ui/badge.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { AdminLayout } from "./admin-layout.tsx";
import { Budgets } from "./budgets.tsx";
import { EventsTable } from "./events-table.tsx";
import { ResetForm } from "./reset-form.tsx";
import type { ViewModel } from "./view-model.ts";

/** Kinds, states and counts of one person, and what may be done about them. Never a secret. */
export function Subject({ model }: Readonly<{ model: ViewModel<"subject"> }>): VNode {
  const text = useText();
  const { turn } = usePage();
  const { self, problem, relyingParty, done } = model;
  const heading = text("admin.subject.title", { party: relyingParty.name });
  return (
    <AdminLayout view="subject" place="find" self={self} heading={heading} problem={problem}>
      {done && (
        <Alert tone="success" key={turn}>
          <Message k={`admin.subject.done.${done}`} />
        </Alert>
      )}
      <p>
        <a href="/admin/subjects">
          <Message k="admin.subject.another" />
        </a>
      </p>
      <Authenticators model={model} />
      <Budgets model={model} />
      <section class="section">
        {model.events.length === 0 ? (
          <p>
            <Message k="admin.events.none" />
          </p>
        ) : (
          <EventsTable caption={text("admin.events")} events={model.events} />
        )}
      </section>
    </AdminLayout>
  );
}

function Authenticators({ model }: Readonly<{ model: ViewModel<"subject"> }>): VNode {
  const text = useText();
  const { authenticators, recoveryCodesLeft } = model;
  return (
    <section class="section">
      {authenticators.length === 0 ? (
        <p>
          <Message k="admin.subject.none" />
        </p>
      ) : (
        <AuthenticatorTable caption={text("admin.subject.authenticators")} authenticators={authenticators} />
      )}
      <p>
        {recoveryCodesLeft === undefined ? (
          <Message k="admin.subject.no_codes" />
        ) : (
          <Message k="admin.subject.codes" values={{ count: recoveryCodesLeft }} />
        )}
      </p>
      <ResetForm model={model} />
    </section>
  );
}

type TableProps = Readonly<{ caption: string; authenticators: readonly AuthenticatorView[] }>;

function AuthenticatorTable({ caption, authenticators }: TableProps): VNode {
  const text = useText();
  const columns = (["name", "kind", "kept_in", "added", "last_used"] as const).map((one) =>
    text(`admin.column.${one}`),
  );
  const rows = authenticators.map((one) => ({
    key: one.id,
    cells: [
      <bdi key="label">{one.label}</bdi>,
      <KindCell key="kind" authenticator={one} />,
      <bdi key="provider">{one.provider}</bdi>,
      <Time key="added" at={one.createdAt} precision="day" />,
      one.lastUsedAt === undefined ? text("admin.never") : <Time key="used" at={one.lastUsedAt} />,
    ],
  }));
  return <Table caption={caption} columns={columns} rows={rows} />;
}

function KindCell({ authenticator }: Readonly<{ authenticator: AuthenticatorView }>): VNode {
  const { method, sync, cloneSuspected } = authenticator;
  return (
    <span class="cell-badges">
      <Message k={`method.${method}`} />
      {sync && (
        <Badge>
          <Message k={`sync.short.${sync}`} />
        </Badge>
      )}
      {cloneSuspected && (
        <Badge tone="danger">
          <Message k="admin.subject.clone" />
        </Badge>
      )}
    </span>
  );
}
