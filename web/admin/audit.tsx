import type { VNode } from "preact";
import type { AuditFilter } from "../../src/http/pages/admin-models.ts";
import { Button } from "../ui/button.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { AdminLayout } from "./admin-layout.tsx";
import { EventsTable } from "./events-table.tsx";
import { SelectField, SmallField } from "./fields.tsx";
import type { ViewModel } from "./view-model.ts";

const PATH = "/admin/audit";

type Props = Readonly<{ model: ViewModel<"audit"> }>;

/** The audit log, newest first. Filters stand in the address, so that a page can be kept; none of them names a person. */
export function Audit({ model }: Props): VNode {
  const text = useText();
  const { self, events } = model;
  return (
    <AdminLayout view="audit" place="audit" self={self} heading={text("admin.audit.title")}>
      <Filter model={model} />
      {events.length === 0 ? (
        <p>
          <Message k="admin.audit.none" />
        </p>
      ) : (
        <EventsTable caption={text("admin.audit.lead")} events={events} withSubjects />
      )}
      <Pages model={model} />
    </AdminLayout>
  );
}

function Filter({ model }: Props): VNode {
  const text = useText();
  const { filter, kinds, relyingParties } = model;
  const any = { value: "", label: text("admin.audit.any") };
  const events = kinds.map((kind) => ({ value: kind, label: text(`admin.kind.${kind}`) }));
  const parties = relyingParties.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <form class="admin-filter" method="get" action={PATH} aria-label={text("admin.audit.filter")}>
      <SelectField
        id="kind"
        name="kind"
        label={text("admin.audit.kind")}
        value={filter.kind ?? ""}
        options={[any, ...events.sort((a, b) => a.label.localeCompare(b.label))]}
      />
      <SelectField
        id="relying-party"
        name="relying_party"
        label={text("admin.find.relying_party")}
        value={filter.relyingParty ?? ""}
        options={[any, ...parties]}
      />
      <SmallField id="from" name="from" type="date" label={text("admin.audit.from")} value={filter.from} />
      <SmallField
        id="to"
        name="to"
        type="date"
        label={text("admin.audit.to")}
        hint={text("admin.audit.days")}
        value={filter.to}
      />
      <div class="row change-button">
        <Button tone="primary">
          <Message k="admin.audit.apply" />
        </Button>
        <a href={PATH}>
          <Message k="admin.audit.clear" />
        </a>
      </div>
    </form>
  );
}

function Pages({ model }: Props): VNode | null {
  const { filter, nextBefore } = model;
  if (nextBefore === undefined) return null;
  return (
    <div class="row">
      <a href={addressOf(filter)}>
        <Message k="admin.audit.newest" />
      </a>
      <a href={addressOf(filter, nextBefore)}>
        <Message k="admin.audit.older" />
      </a>
    </div>
  );
}

function addressOf({ kind, relyingParty, from, to }: AuditFilter, before?: string): string {
  const given = { kind, relying_party: relyingParty, from, to, before };
  const fields = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return fields.length === 0 ? PATH : `${PATH}?${new URLSearchParams(fields)}`;
}
