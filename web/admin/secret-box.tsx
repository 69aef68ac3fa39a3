import type { VNode } from "preact";
import { CopyButton } from "../ui/copy-button.tsx";
import { Message } from "../ui/message.tsx";

type Secret = Readonly<{ label: string; value: string }>;
type Props = Readonly<{ title: string; lead: string; secrets: readonly Secret[] }>;

/** What is shown once, to be copied now. */
export function SecretBox({ title, lead, secrets }: Props): VNode {
  return (
    <section class="secret-box" aria-labelledby="secret-box">
      <h2 id="secret-box">{title}</h2>
      <p>{lead}</p>
      <dl>
        {secrets.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code dir="ltr">{value}</code>
              <CopyButton text={value}>
                <Message k="admin.copy_what" values={{ what: label }} />
              </CopyButton>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
