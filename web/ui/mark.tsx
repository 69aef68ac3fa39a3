import type { VNode } from "preact";

/** The countersign mark: an open ring, and the second stroke that closes it. Same drawing as icon.svg. */
export function Mark(): VNode {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="7" />
      <path class="mark-ring" d="M21.5 9.7A8.5 8.5 0 1 0 24.5 16" />
      <path class="mark-stroke" d="m12 15.5 3.7 3.8L25 9.5" />
    </svg>
  );
}
