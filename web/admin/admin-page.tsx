import type { VNode } from "preact";
import type { AdminModel } from "../../src/http/pages/admin-models.ts";
import { Layout } from "../ui/layout.tsx";
import { useText } from "../ui/page.ts";

/** The administration pages. */
export function AdminPage({ model }: Readonly<{ model: AdminModel }>): VNode {
  const text = useText();
  return (
    <Layout key={model.view} heading={text("admin.title")} width="wide">
      <p>{model.view}</p>
    </Layout>
  );
}
