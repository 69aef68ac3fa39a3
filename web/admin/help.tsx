import type { VNode } from "preact";
import type { HelpRequestView } from "../../src/http/pages/admin-models.ts";
import { Button } from "../ui/button.tsx";
import { Form, Hidden, TextField } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { AdminLayout } from "./admin-layout.tsx";
import type { ViewModel } from "./view-model.ts";

/** Who has lost every way in and waits for somebody, the newest first. */
export function Help({ model }: Readonly<{ model: ViewModel<"help"> }>): VNode {
  const text = useText();
  const { self, problem, requests, isCut } = model;
  return (
    <AdminLayout view="help" place="help" self={self} heading={text("admin.help.title")} problem={problem}>
      <p class="lead">
        <Message k="admin.help.lead" />
      </p>
      {requests.length === 0 ? (
        <p>
          <Message k="admin.help.none" />
        </p>
      ) : (
        <Requests requests={requests} mayHandle={self.may.includes("reset")} />
      )}
      {isCut && (
        <p>
          <a href="/admin/audit?kind=help_requested">
            <Message k="admin.help.older" />
          </a>
        </p>
      )}
    </AdminLayout>
  );
}

type RequestsProps = Readonly<{ requests: readonly HelpRequestView[]; mayHandle: boolean }>;

function Requests({ requests, mayHandle }: RequestsProps): VNode {
  const text = useText();
  const columns = [
    text("admin.events.at"),
    text("admin.events.where"),
    text("admin.events.subject"),
    text("admin.help.times"),
    text("admin.help.what"),
  ];
  const rows = requests.map((request, index) => ({
    key: request.target,
    cells: [
      <Time key="at" at={request.at} />,
      <bdi key="where">{request.relyingParty}</bdi>,
      <code key="subject" dir="ltr">
        {request.subject}
      </code>,
      <span key="times">{request.times}</span>,
      <Actions key="what" request={request} mayHandle={mayHandle} index={index} />,
    ],
  }));
  return <Table caption={text("admin.help.caption")} columns={columns} rows={rows} />;
}

type ActionsProps = Readonly<{ request: HelpRequestView; mayHandle: boolean; index: number }>;

function Actions({ request, mayHandle, index }: ActionsProps): VNode {
  const text = useText();
  return (
    <div>
      <Form action="/admin/help/open" kind="inline">
        <Hidden name="target" value={request.target} />
        <Button small label={text("admin.help.open_one", { subject: request.subject })}>
          <Message k="admin.help.open" />
        </Button>
      </Form>
      {mayHandle && (
        <More
          summary={<Message k="admin.help.handled" />}
          label={text("admin.help.handled_one", { subject: request.subject })}
        >
          <Form action="/admin/help/handled">
            <Hidden name="target" value={request.target} />
            <TextField
              id={`reason-${index}`}
              name="reason"
              label={text("admin.reason")}
              hint={text("admin.reason.hint.log")}
              required
              maxLength={200}
            />
            <Button small tone="primary" label={text("admin.help.handled_one", { subject: request.subject })}>
              <Message k="admin.help.handled" />
            </Button>
          </Form>
        </More>
      )}
    </div>
  );
}
