import type { ComponentChildren, VNode } from "preact";

type Props = Readonly<{ children: ComponentChildren; tone?: "plain" | "accent" | "danger" }>;

/** A short state in a pill. The words carry the meaning, the colour only supports it. */
export function Badge({ children, tone = "plain" }: Props): VNode {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}
