import type { VNode } from "preact";
import { Facts } from "../ui/facts.tsx";
import { Message } from "../ui/message.tsx";
import { useText } from "../ui/page.ts";
import type { ViewModel } from "./view-model.ts";

type Props = Readonly<{ model: ViewModel<"relying_party"> }>;

/** How the relying party proves who it is when it sends people to the prompt. */
export function Openid({ model }: Props): VNode {
  const text = useText();
  const { authentication, keys, allowInsecureAuthorize } = model.openid;
  const names = (
    <ul class="addresses">
      {keys.map(({ id, kind }) => (
        <li key={`${id} ${kind}`}>
          <code dir="ltr">{id === undefined ? kind : `${id} (${kind})`}</code>
        </li>
      ))}
    </ul>
  );
  return (
    <section class="section" aria-labelledby="openid">
      <h2 id="openid">
        <Message k="admin.openid.title" />
      </h2>
      <Facts
        facts={[
          { term: text("admin.openid.authentication"), value: text(`admin.openid.${authentication}`) },
          { term: text("admin.openid.keys"), value: keys.length === 0 ? undefined : names },
          {
            term: text("admin.openid.requests"),
            value: text(allowInsecureAuthorize ? "admin.openid.by_browser" : "admin.openid.pushed"),
          },
        ]}
      />
    </section>
  );
}

/** What people see of the realm. It is changed by command. */
export function Looks({ model }: Props): VNode | null {
  const text = useText();
  if (model.looks === undefined) return null;
  const { name, logo, accent, privacyUrl, supportUrl, accountUrl } = model.looks;
  const address = (url: string | undefined) => url && <code dir="ltr">{url}</code>;
  return (
    <section class="section" aria-labelledby="looks">
      <h2 id="looks">
        <Message k="admin.looks.title" values={{ realm: model.relyingParty.realm }} />
      </h2>
      <Facts
        facts={[
          { term: text("admin.column.name"), value: <bdi>{name}</bdi> },
          {
            term: text("admin.looks.logo"),
            value: logo ? <img class="logo" src={logo} alt="" /> : text("admin.looks.none"),
          },
          {
            term: text("admin.looks.accent"),
            value: accent ? <code dir="ltr">{accent}</code> : text("admin.looks.none"),
          },
          { term: text("admin.looks.privacy"), value: address(privacyUrl) },
          { term: text("admin.looks.support"), value: address(supportUrl) },
          { term: text("admin.looks.account"), value: address(accountUrl) },
        ]}
      />
      <p class="hint">
        <Message k="admin.looks.how" />{" "}
        <code dir="ltr">countersign realm brand --realm {model.relyingParty.realm}</code>
      </p>
    </section>
  );
}
