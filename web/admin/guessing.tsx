import type { VNode } from "preact";
import type { GuessingView } from "../../src/http/pages/admin-models.ts";
import { Note } from "../ui/alert.tsx";
import { Hidden } from "../ui/form.tsx";
import { Message } from "../ui/message.tsx";
import { More } from "../ui/more.tsx";
import { useText } from "../ui/page.ts";
import { ChangeForm } from "./change-form.tsx";

/** Somebody guesses codes across a realm's accounts: what that means, and lifting it. */
export function Guessing({ guessing }: Readonly<{ guessing: readonly GuessingView[] }>): VNode | null {
  if (guessing.length === 0) return null;
  return (
    <section class="section">
      {guessing.map((one) => (
        <OneRealm key={`${one.realm.id} ${one.lane}`} one={one} />
      ))}
    </section>
  );
}

function OneRealm({ one }: Readonly<{ one: GuessingView }>): VNode {
  const text = useText();
  const { realm, lane, wrong, opensAt, touch } = one;
  return (
    <div>
      <Note tone={opensAt === undefined ? "notice" : "problem"}>
        <Message
          k={opensAt === undefined ? "admin.guessing.rising" : "admin.guessing.shut"}
          values={{ count: wrong, realm: realm.name, lane: text(`admin.lane.${lane}`) }}
        />
      </Note>
      {touch && (
        <More summary={<Message k="admin.guessing.lift" />}>
          <p>
            <Message k="admin.guessing.consequence" />
          </p>
          <ChangeForm
            id={`guessing-${realm.id}-${lane}`}
            action="/admin/guessing/lift"
            touch={touch}
            asksReason="log"
            tone="primary"
            button={<Message k="admin.guessing.lift" />}
          >
            <Hidden name="realm" value={realm.id} />
            <Hidden name="lane" value={lane} />
          </ChangeForm>
        </More>
      )}
    </div>
  );
}
