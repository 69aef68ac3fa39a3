import fc from "fast-check";
import jsqr from "jsqr";
import { describe, expect, test } from "vitest";
import { qrSvg } from "../../src/methods/qr-svg.ts";
import vectors from "../vectors/otpauth-uri.json" with { type: "json" };

/** The published type declarations describe a module namespace; at run time the import is the function itself. */
const decode = "default" in jsqr ? jsqr.default : jsqr;
const SCALE = 3;

function attribute(svg: string, name: string): string {
  return new RegExp(`[ <]${name}="([^"]*)"`).exec(svg)?.[1] ?? "";
}

/** Which modules the path covers, row by row: the winding number left of a module's centre is not zero (SVG's default). */
function coveredModules(path: string, side: number, quiet: number): boolean[][] {
  const turns = Array.from({ length: side }, () => new Array<number>(side + 1).fill(0));
  for (const outline of path.split("M").slice(1)) {
    const corners = outline
      .replace("Z", "")
      .split("L")
      .map((corner) => corner.split(" ").map(Number));
    for (const [index, [x = 0, y = 0]] of corners.entries()) {
      const [nextX = 0, nextY = 0] = corners[(index + 1) % corners.length] ?? [];
      if (x !== nextX) continue;
      for (let row = Math.min(y, nextY); row < Math.max(y, nextY); row++) {
        const line = turns[row + quiet] ?? [];
        line[x + quiet] = (line[x + quiet] ?? 0) + Math.sign(nextY - y);
      }
    }
  }
  return turns.map((line) => {
    let winding = 0;
    return line.slice(0, side).map((turn) => {
      winding += turn;
      return winding !== 0;
    });
  });
}

function read(svg: string): string | undefined {
  const [left = 0, , side = 0] = attribute(svg, "viewBox").split(" ").map(Number);
  const modules = coveredModules(attribute(svg, "d"), side, -left);
  const width = side * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4);
  for (let at = 0; at < width * width; at++) {
    const dark = modules[Math.floor(Math.floor(at / width) / SCALE)]?.[Math.floor((at % width) / SCALE)];
    pixels.set(dark ? [0, 0, 0, 255] : [255, 255, 255, 255], at * 4);
  }
  return decode(pixels, width, width, { inversionAttempts: "dontInvert" })?.data;
}

describe("the QR code", () => {
  test.each(vectors.generate)("$id: an independent reader gets the very URI", ({ uri }) => {
    expect(read(qrSvg({ text: uri, label: "QR code" }))).toBe(uri);
  });

  test("a reader gets whatever URI was put in", () => {
    const text = fc.stringMatching(/^otpauth:\/\/totp\/[!-~]{1,300}$/);
    fc.assert(
      fc.property(text, (uri) => {
        expect(read(qrSvg({ text: uri, label: "QR code" }))).toBe(uri);
      }),
      // A fixed seed: the reader is a camera's, and may by itself fail on one code in many thousands.
      { numRuns: 15, seed: 20261123 },
    );
  });

  test("is dark on light with four light modules around, and scales", () => {
    const svg = qrSvg({ text: "otpauth://totp/Example:a?secret=AAAA", label: "QR code" });
    const [left, top, width, height] = attribute(svg, "viewBox").split(" ").map(Number);
    expect([left, top]).toEqual([-4, -4]);
    expect(svg).toContain(`<rect x="-4" y="-4" width="${width}" height="${height}" fill="#fff"/>`);
    expect(svg).toMatch(/<path d="[MLZ0-9 ]+" fill="#000"\/>/);
    expect(svg).toContain('shape-rendering="crispEdges"');
    expect(/<svg[^>]* (width|height)=/.test(svg)).toBe(false);
  });

  test("has an accessible name that cannot break out of its attribute", () => {
    const svg = qrSvg({ text: "x", label: `Scan "A" & <B>'s code` });
    expect(svg).toContain('role="img"');
    expect(attribute(svg, "aria-label")).toBe("Scan &#34;A&#34; &#38; &#60;B&#62;&#39;s code");
  });

  test("holds nothing that a strict content security policy forbids", () => {
    const svg = qrSvg({ text: "javascript:alert(1)", label: "QR code" });
    expect(svg).not.toMatch(/style|script|href|\son\w+=|url\(/i);
  });
});
