import type { VNode } from "preact";
import type { NewCredentials } from "../../src/http/pages/admin-models.ts";
import { Facts } from "../ui/facts.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { useText } from "../ui/page.ts";
import { Time } from "../ui/time.tsx";
import { AdminLayout } from "./admin-layout.tsx";
import { ApiKeys } from "./api-keys.tsx";
import { ChangeForm, Consequences } from "./change-form.tsx";
import { Looks, Openid } from "./registration.tsx";
import { Status } from "./relying-parties.tsx";
import { ScanAlarm } from "./scan-alarm.tsx";
import { SecretBox } from "./secret-box.tsx";
import type { ViewModel } from "./view-model.ts";

/** One relying party with its keys. New secrets stand on top, this once. */
export function RelyingParty({ model }: Readonly<{ model: ViewModel<"relying_party"> }>): VNode {
  const { self, problem, relyingParty, created } = model;
  return (
    <AdminLayout
      view={`relying_party ${relyingParty.id}`}
      place="relying_parties"
      self={self}
      heading={relyingParty.name}
      problem={problem}
    >
      <p>
        <a href="/admin/relying-parties">
          <Message k="admin.rp.back" />
        </a>
      </p>
      {created && <Created created={created} />}
      <About model={model} />
      <Openid model={model} />
      <ApiKeys model={model} />
      <ScanAlarm model={model} />
      <Looks model={model} />
      <RevokeForm model={model} />
    </AdminLayout>
  );
}

function Created({ created }: Readonly<{ created: NewCredentials }>): VNode {
  const text = useText();
  const { clientId, clientSecret, apiKey } = created;
  const secrets = [
    { label: text("admin.rp.id"), value: clientId },
    ...(clientSecret === undefined ? [] : [{ label: text("admin.rp.client_secret"), value: clientSecret }]),
    { label: text("admin.rp.api_key"), value: apiKey },
  ];
  return <SecretBox title={text("admin.rp.created.title")} lead={text("admin.rp.created.lead")} secrets={secrets} />;
}

function About({ model }: Readonly<{ model: ViewModel<"relying_party"> }>): VNode {
  const text = useText();
  const { id, realm, status, createdAt, redirectUris } = model.relyingParty;
  const uris = (
    <ul class="addresses">
      {redirectUris.map((uri) => (
        <li key={uri}>
          <code dir="ltr">{uri}</code>
        </li>
      ))}
    </ul>
  );
  return (
    <Facts
      facts={[
        { term: text("admin.column.state"), value: <Status status={status} /> },
        { term: text("admin.rps.created"), value: <Time at={createdAt} precision="day" /> },
        { term: text("admin.rp.realm"), value: <bdi>{realm}</bdi> },
        { term: text("admin.rp.id"), value: <code dir="ltr">{id}</code> },
        { term: text("admin.rps.redirect_uris"), value: redirectUris.length === 0 ? text("admin.rp.no_uris") : uris },
      ]}
    />
  );
}

function RevokeForm({ model }: Readonly<{ model: ViewModel<"relying_party"> }>): VNode | null {
  const { relyingParty, touch } = model;
  if (touch === undefined) return null;
  return (
    <section class="section">
      <More summary={<Message k="admin.rp.revoke.open" />}>
        <Consequences>
          {[
            <Message key="keys" k="admin.rp.revoke.consequence.keys" />,
            <Message key="stays" k="admin.rp.revoke.consequence.stays" />,
            <Message key="final" k="admin.rp.revoke.consequence.final" />,
          ]}
        </Consequences>
        <ChangeForm
          id="revoke"
          action={`/admin/relying-parties/${relyingParty.id}/revoke`}
          touch={touch.revoke}
          button={<Message k="admin.rp.revoke.button" />}
        />
      </More>
    </section>
  );
}
