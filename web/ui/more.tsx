import type { ComponentChildren, VNode } from "preact";

type Props = Readonly<{
  summary: ComponentChildren;
  children: ComponentChildren;
  /** Fuller name for readers of a page that repeats the same words. */
  label?: string;
}>;

/** Something most people can pass over, folded away; opens without script. */
export function More({ summary, children, label }: Props): VNode {
  return (
    <details class="more">
      <summary aria-label={label}>
        <span>{summary}</span>
      </summary>
      {children}
    </details>
  );
}
