import type { VNode } from "preact";
import { TextField } from "./form.tsx";
import { Message } from "./message.tsx";
import { More } from "./more.tsx";
import { useText } from "./page.ts";

/** An optional name for what is being added, folded away: most people need none. */
export function LabelField(): VNode {
  const text = useText();
  return (
    <More summary={<Message k="label.summary" />}>
      <TextField id="label" name="label" label={text("label.label")} hint={text("label.hint")} maxLength={64} />
    </More>
  );
}
