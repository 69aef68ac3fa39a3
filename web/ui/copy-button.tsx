import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "./button.tsx";
import { CopyIcon } from "./icons.tsx";
import { Message } from "./message.tsx";
import { usePage } from "./page.ts";

type Props = Readonly<{ text: string; children: ComponentChildren }>;

/** Copies the text and says so. There only with script; without it the text can still be selected. */
export function CopyButton({ text, children }: Props): VNode | null {
  const { live } = usePage();
  const [outcome, setOutcome] = useState<"copy.done" | "copy.failed">();
  if (!live) return null;
  const copy = async (): Promise<void> => {
    setOutcome(undefined);
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copy.done");
    } catch {
      setOutcome("copy.failed");
    }
  };
  return (
    <span class="copy">
      <Button type="button" small icon={<CopyIcon />} onClick={copy}>
        {children}
      </Button>
      <span class="copy-outcome" role="status">
        {outcome && <Message k={outcome} />}
      </span>
    </span>
  );
}
