import type { ComponentChildren, VNode } from "preact";

type Fact = Readonly<{ term: string; value: ComponentChildren }>;

/** Names and values as a description list; facts without a value are left out. */
export function Facts({ facts }: Readonly<{ facts: readonly Fact[] }>): VNode {
  return (
    <dl class="facts">
      {facts
        .filter(({ value }) => value !== undefined)
        .map(({ term, value }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
