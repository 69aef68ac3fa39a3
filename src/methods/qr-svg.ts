import { correction, generate } from "lean-qr";
import { toSvgPath } from "lean-qr/extras/svg";

/** Light modules around the code (ISO/IEC 18004 §6.3.8). */
const QUIET_ZONE = 4;

/**
 * A QR code as one SVG element: always dark on light with its quiet zone, also on a dark page; scalable (`viewBox`
 * only); no style, script or reference, so that it lives under a strict content security policy. `label` is its
 * accessible name and must not repeat the secret.
 */
export function qrSvg({ text, label }: Readonly<{ text: string; label: string }>): string {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const side = code.size + 2 * QUIET_ZONE;
  const frame = `x="${-QUIET_ZONE}" y="${-QUIET_ZONE}" width="${side}" height="${side}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}" role="img" ` +
    `aria-label="${escapeAttribute(label)}" shape-rendering="crispEdges">` +
    `<rect ${frame} fill="#fff"/><path d="${toSvgPath(code)}" fill="#000"/></svg>`
  );
}

/** The same code as one path of unit squares inside a `size` × `size` view box, quiet zone included. */
export function qrPath(text: string): Readonly<{ size: number; path: string }> {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const columns = Array.from({ length: code.size }, (_, index) => index);
  const isRunStart = (x: number, y: number) => code.get(x, y) && !code.get(x - 1, y);
  const runLength = (x: number, y: number) => columns.slice(x).findIndex((at) => !code.get(at, y));
  const runs = columns.flatMap((y) =>
    columns.filter((x) => isRunStart(x, y)).map((x) => [x, y, runLength(x, y)] as const),
  );
  const path = runs.map(([x, y, found]) => {
    const length = found === -1 ? code.size - x : found;
    return `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${length}v1h-${length}z`;
  });
  return { size: code.size + 2 * QUIET_ZONE, path: path.join("") };
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
