import type { VNode } from "preact";
import type { BudgetView } from "../../src/http/pages/admin-models.ts";
import { Badge } from "../ui/badge.tsx";
import { Hidden } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { usePage, useText } from "../ui/page.ts";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { ChangeForm } from "./change-form.tsx";
import { SelectField } from "./fields.tsx";
import type { ViewModel } from "./view-model.ts";

/** How many wrong codes came by which way, and lifting what is shut. */
export function Budgets({ model }: Readonly<{ model: ViewModel<"subject"> }>): VNode {
  const { budgets } = model;
  return (
    <section class="section">
      {budgets.length === 0 ? (
        <p>
          <Message k="admin.budgets.none" />
        </p>
      ) : (
        <BudgetTable budgets={budgets} />
      )}
      <LiftForm model={model} />
    </section>
  );
}

function BudgetTable({ budgets }: Readonly<{ budgets: readonly BudgetView[] }>): VNode {
  const text = useText();
  const columns = [
    text("admin.budgets.lane"),
    text("admin.column.kind"),
    text("admin.column.state"),
    text("admin.budgets.in_row"),
    text("admin.budgets.today"),
    text("admin.budgets.month"),
  ];
  const rows = budgets.map((one) => ({
    key: `${one.lane} ${one.method}`,
    cells: [
      <Message key="lane" k={`admin.lane.${one.lane}`} />,
      <Message key="method" k={`method.${one.method}`} />,
      <State key="state" budget={one} />,
      one.wrongInRow,
      one.wrongToday,
      one.wrongThisMonth,
    ],
  }));
  return <Table caption={text("admin.budgets")} columns={columns} rows={rows} />;
}

function State({ budget }: Readonly<{ budget: BudgetView }>): VNode {
  const { state, opensAt } = budget;
  return (
    <span class="cell-badges">
      <Badge tone={state === "open" ? "plain" : "danger"}>
        <Message k={`admin.state.${state}`} />
      </Badge>
      {opensAt !== undefined && <Time at={opensAt} />}
    </span>
  );
}

function LiftForm({ model }: Readonly<{ model: ViewModel<"subject"> }>): VNode | null {
  const text = useText();
  const { turn } = usePage();
  const { budgets, done, target, touch } = model;
  const shut = new Set(budgets.filter(({ state }) => state !== "open").map(({ lane }) => lane));
  if (touch === undefined || shut.size === 0) return null;
  const options = [...shut].map((lane) => ({ value: lane, label: text(`admin.lane.${lane}`) }));
  return (
    <More key={done === undefined ? "lift" : turn} summary={<Message k="admin.lift.open" />}>
      <p>
        <Message k="admin.lift.consequence" />
      </p>
      <ChangeForm
        id="lift"
        action="/admin/subjects/lift"
        touch={touch.lift}
        asksReason="person"
        tone="primary"
        button={<Message k="admin.lift.button" />}
      >
        <Hidden name="target" value={target} />
        <SelectField id="lift-lane" name="lane" label={text("admin.lift.lane")} options={options} />
      </ChangeForm>
    </More>
  );
}
