import fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { accentThemes, nearestAccent } from "../../src/domain/accent.ts";
import { isLinkable } from "../../src/domain/branding.ts";
import { LOGO_MAX_BYTES, readLogo } from "../../src/domain/logo.ts";
import { isPlainSvg } from "../../src/domain/plain-svg.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z" fill="#0d5c63"/></svg>';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function picture(side = 4): Buffer {
  return PNG.sync.write(new PNG({ width: side, height: side }));
}

/** WCAG 2.2's own formula, written again. */
function contrastOf(one: string, other: string): number {
  const luminance = (text: string) => {
    const channels = [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16) / 255);
    const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("an accent colour", () => {
  test("is readable in both themes, whatever it is, or refused with the nearest that is", () => {
    fc.assert(
      fc.property(colour, (text) => {
        const accepted = accentThemes(text) ? text : (nearestAccent(text) ?? "");
        const themes = accentThemes(accepted);
        for (const [{ accent, on, soft, strong }, surface] of [
          [themes?.light ?? { accent: "", on: "", soft: "", strong: "" }, "#ffffff"],
          [themes?.dark ?? { accent: "", on: "", soft: "", strong: "" }, "#1a2023"],
        ] as const) {
          for (const [one, other] of [
            [accent, surface],
            [accent, soft],
            [on, accent],
            [on, strong],
          ] as const) {
            expect(contrastOf(one, other), `${text} ${one} on ${other}`).toBeGreaterThanOrEqual(4.5);
          }
        }
      }),
    );
  });

  test.each(["#ffff00", "#ffffff", "#7fd0cb"])("%s is too light for a page", (text) => {
    expect(accentThemes(text)).toBeUndefined();
    expect(nearestAccent(text)).toMatch(/^#[0-9a-f]{6}$/);
  });

  test.each(["", "red", "#fff", "#12345g", "#1234567", "}body{"])("%j is no colour", (text) => {
    expect(accentThemes(text)).toBeUndefined();
    expect(nearestAccent(text)).toBeUndefined();
  });
});

describe("an SVG logo", () => {
  test.each([
    SVG,
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n${SVG}`,
    '<svg xmlns="http://www.w3.org/2000/svg"><defs><linearGradient id="a"><stop offset="0" stop-color="#000"/></linearGradient></defs><rect fill="url(#a)" width="1" height="1"/></svg>',
  ])("of shapes alone is taken", (text) => {
    expect(isPlainSvg(text)).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["a script", SVG.replace("<path", "<script>alert(1)</script><path")],
    ["a handler", SVG.replace("<path", '<path onload="alert(1)"')],
    ["a link", SVG.replace("<path", '<a href="https://evil.example"></a><path')],
    ["a style element", SVG.replace("<path", "<style>*{}</style><path")],
    ["a style attribute", SVG.replace("<path", '<path style="fill:url(https://evil.example)"')],
    ["an image", SVG.replace("<path", '<image href="https://evil.example/x.png"/><path')],
    ["reuse of another document", SVG.replace("<path", '<use href="https://evil.example#x"/><path')],
    ["foreign content", SVG.replace("<path", "<foreignObject></foreignObject><path")],
    ["an animation", SVG.replace("<path", '<animate attributeName="href"/><path')],
    ["a document type", `<!DOCTYPE svg [<!ENTITY x "y">]>${SVG}`],
    ["an entity", SVG.replace("M0", "&#77;0")],
    ["a remote fill", SVG.replace("#0d5c63", "url(https://evil.example#x)")],
    ["two roots", `${SVG}${SVG}`],
    ["a root within", SVG.replace("<path", `${SVG}<path`)],
    ["no namespace", SVG.replace(' xmlns="http://www.w3.org/2000/svg"', "")],
    ["another namespace", SVG.replace("2000/svg", "1999/xhtml")],
    ["elements that cross", SVG.replace("</svg>", "</g></svg>")],
    ["an element left open", SVG.replace("</svg>", "")],
    ["text outside", `x${SVG}`],
    ["HTML", "<html><body></body></html>"],
    ["character data", SVG.replace("<path", "<![CDATA[<script>]]><path")],
    ["instructions", SVG.replace("<path", '<?xml-stylesheet href="x"?><path')],
  ])("with %s is refused", (_, text) => {
    expect(isPlainSvg(text)).toBe(false);
    expect(readLogo(bytes(text))).toBeUndefined();
  });

  test("is judged in short time, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => typeof isPlainSvg(text) === "boolean"),
    );
    expect(isPlainSvg(`${"<g ".repeat(20_000)}`)).toBe(false);
  });
});

describe("a PNG logo", () => {
  test("is written anew with its picture and nothing else", () => {
    const plain = picture();
    const text = Buffer.from("0000000774455874410062", "hex");
    expect(readLogo(plain)).toMatchObject({ type: "image/png" });
    const described = Buffer.concat([
      plain.subarray(0, 33),
      withCheckSum("tEXt", Buffer.from("GPS\0here")),
      plain.subarray(33),
    ]);
    const logo = readLogo(described);
    expect(Buffer.from(logo?.bytes ?? []).toString("latin1")).not.toContain("GPS");
    expect(PNG.sync.read(Buffer.from(logo?.bytes ?? []))).toMatchObject({ width: 4, height: 4 });
    expect(readLogo(Buffer.concat([plain, text]))).toBeUndefined();
  });

  test("that is cut off, changed, too wide or too large is refused", () => {
    const plain = picture();
    expect(readLogo(plain.subarray(0, -1))).toBeUndefined();
    expect(readLogo(plain.map((byte, at) => (at === 20 ? byte ^ 1 : byte)))).toBeUndefined();
    expect(readLogo(picture(2049))).toBeUndefined();
    expect(readLogo(Buffer.concat([plain, Buffer.alloc(LOGO_MAX_BYTES)]))).toBeUndefined();
    expect(readLogo(plain.subarray(0, 8))).toBeUndefined();
    expect(readLogo(new Uint8Array())).toBeUndefined();
  });
});

test("an address of ours to link to is https, or http on localhost", () => {
  expect(["https://example.com/privacy", "http://localhost:3000/"].every(isLinkable)).toBe(true);
  const refused = [
    "javascript:alert(1)",
    "http://example.com",
    "//example.com",
    "",
    "https://a:b@example.com",
    "data:,x",
  ];
  expect(refused.some(isLinkable)).toBe(false);
});

function withCheckSum(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length);
  body.copy(framed, 4);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  framed.writeUInt32BE((crc ^ 0xffffffff) >>> 0, framed.length - 4);
  return framed;
}
