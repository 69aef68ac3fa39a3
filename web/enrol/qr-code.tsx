import type { VNode } from "preact";
import type { Qr } from "../../src/http/pages/models.ts";

/** Always dark on light, on a card of its own, at least 200 CSS pixels: readers need the contrast in dark mode too. */
export function QrCode({ qr, label }: Readonly<{ qr: Qr; label: string }>): VNode {
  return (
    <div class="qr">
      <svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={label} shape-rendering="crispEdges">
        <rect width={qr.size} height={qr.size} fill="#fff" />
        <path d={qr.path} fill="#000" />
      </svg>
    </div>
  );
}
