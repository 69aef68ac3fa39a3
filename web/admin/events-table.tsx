import type { VNode } from "preact";
import type { AuditView } from "../../src/http/pages/admin-models.ts";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

type Props = Readonly<{
  caption: string;
  events: readonly AuditView[];
  /** Says whom each event is about: not needed on the page about one person. */
  withSubjects?: boolean;
}>;

/** Audit events, newest first as the server sends them. Pseudonyms and ids read from left to right. */
export function EventsTable({ caption, events, withSubjects = false }: Props): VNode {
  const text = useText();
  const columns = [
    text("admin.events.at"),
    text("admin.events.kind"),
    text("admin.events.where"),
    ...(withSubjects ? [text("admin.events.subject")] : []),
    text("admin.events.actor"),
    text("admin.events.reason"),
  ];
  const rows = events.map((event) => ({
    key: event.id,
    cells: [
      <Time key="at" at={event.at} />,
      <What key="kind" event={event} />,
      <bdi key="where">{event.relyingParty}</bdi>,
      ...(withSubjects ? [<Code key="subject" text={event.subject} />] : []),
      <bdi key="actor">{event.actor}</bdi>,
      <bdi key="reason">{event.reason}</bdi>,
    ],
  }));
  return <Table caption={caption} columns={columns} rows={rows} />;
}

function What({ event }: Readonly<{ event: AuditView }>): VNode {
  const { kind, lane, method } = event;
  return (
    <span>
      <Message k={`admin.kind.${kind}`} />
      {(method || lane) && (
        <span class="cell-more">
          {method && <Message k={`method.${method}`} />}
          {method && lane && " · "}
          {lane && <Message k={`admin.lane.${lane}`} />}
        </span>
      )}
    </span>
  );
}

function Code({ text }: Readonly<{ text: string | undefined }>): VNode | null {
  return text === undefined ? null : <code dir="ltr">{text}</code>;
}
