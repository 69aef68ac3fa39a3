import type { ComponentChildren, VNode } from "preact";
import { CheckIcon, InfoIcon, WarningIcon } from "./icons.tsx";

type Tone = "problem" | "notice" | "success";
type Props = Readonly<{ tone: Tone; children: ComponentChildren; id?: string }>;

const ICONS = { problem: WarningIcon, notice: InfoIcon, success: CheckIcon } as const;

/**
 * Says what just happened. A problem interrupts a screen reader, the others wait their turn. Give it a `key` that
 * changes with each answer, so that the same words are announced again.
 */
export function Alert({ tone, children, id }: Props): VNode {
  const Icon = ICONS[tone];
  return (
    <div class={`alert alert-${tone}`} role={tone === "problem" ? "alert" : "status"} id={id}>
      <Icon />
      <p>{children}</p>
    </div>
  );
}

/** A remark that was there from the start and is not announced. */
export function Note({ tone = "notice", children }: Readonly<{ tone?: Tone; children: ComponentChildren }>): VNode {
  const Icon = ICONS[tone];
  return (
    <div class={`alert alert-${tone}`}>
      <Icon />
      <p>{children}</p>
    </div>
  );
}
