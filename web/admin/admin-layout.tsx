import type { ComponentChildren, VNode } from "preact";
import type { AdminProblem, AdminSelf } from "../../src/http/pages/admin-models.ts";
import { Alert } from "../ui/alert.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Form } from "../ui/form.tsx";
import { Layout } from "../ui/layout.tsx";
import { Message } from "../ui/message.tsx";
import { usePage, useText } from "../ui/page.ts";

const PLACES = [
  { place: "find", href: "/admin/subjects" },
  { place: "help", href: "/admin/help" },
  { place: "relying_parties", href: "/admin/relying-parties" },
  { place: "administrators", href: "/admin/administrators" },
  { place: "audit", href: "/admin/audit" },
] as const;

type Place = (typeof PLACES)[number]["place"];

type Props = Readonly<{
  /** Unique for each view, so that a new one moves focus to its heading. */
  view: string;
  place: Place;
  self: AdminSelf;
  heading: string;
  problem?: AdminProblem | undefined;
  children: ComponentChildren;
}>;

/** The frame of each view behind the sign-in: where one can go, who one is, what went wrong. */
export function AdminLayout({ view, place, self, heading, problem, children }: Props): VNode {
  return (
    <Layout key={view} heading={heading} width="wide" before={<Navigation place={place} self={self} />}>
      <ProblemAlert problem={problem} />
      {children}
    </Layout>
  );
}

/** Why the last form was not carried out; announced anew each time. */
export function ProblemAlert({ problem }: Readonly<{ problem: AdminProblem | undefined }>): VNode | null {
  const { turn } = usePage();
  if (problem === undefined) return null;
  return (
    <Alert tone="problem" key={turn}>
      <Message k={`admin.problem.${problem}`} />
    </Alert>
  );
}

function Navigation({ place, self }: Readonly<{ place: Place; self: AdminSelf }>): VNode {
  const text = useText();
  return (
    <div class="admin-top">
      <nav class="admin-nav" aria-label={text("admin.nav")}>
        <ul>
          {PLACES.map((one) => (
            <li key={one.place}>
              <a href={one.href} aria-current={one.place === place ? "page" : undefined}>
                <Message k={`admin.nav.${one.place}`} />
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="admin-self">
        <bdi class="admin-name">{self.name}</bdi>
        <Badge>
          <Message k={`admin.role.${self.role}`} />
        </Badge>
        <Form action="/admin/sign-out" kind="inline">
          <Button tone="quiet" small>
            <Message k="admin.sign_out" />
          </Button>
        </Form>
      </div>
    </div>
  );
}
