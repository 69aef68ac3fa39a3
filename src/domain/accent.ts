/** A colour as its red, green and blue, 0 to 255. */
type Colour = readonly [number, number, number];

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
/** The surfaces that our pages put text on, light and dark. */
const LIGHT_SURFACE: Colour = [255, 255, 255];
const DARK_SURFACE: Colour = [26, 32, 35];
/** WCAG 2.2 §1.4.3, for text of any size. */
const MIN_CONTRAST = 4.5;

/** The colours that one accent amounts to on a theme, as `#rrggbb`. */
export type AccentTheme = Readonly<{ accent: string; strong: string; on: string; soft: string }>;
export type AccentThemes = Readonly<{ light: AccentTheme; dark: AccentTheme }>;

/**
 * The light and dark theme of an accent `#rrggbb`, every pair of colours in it with a contrast of at least 4.5:1.
 * Undefined when the accent is too light for a page, or no colour.
 */
export function accentThemes(text: string): AccentThemes | undefined {
  const accent = parse(text);
  const light = accent && lightTheme(accent);
  return accent && light && { light: hexOf(light), dark: hexOf(darkTheme(accent)) };
}

/** The nearest darker colour that `accentThemes` takes; undefined when the text is no colour. */
export function nearestAccent(text: string): string | undefined {
  const accent = parse(text);
  if (!accent) return undefined;
  const darker = steps().map((share) => mix(accent, BLACK, share));
  const found = darker.find((one) => lightTheme(one) !== undefined);
  return found && hex(found);
}

type Theme = Readonly<{ accent: Colour; strong: Colour; on: Colour; soft: Colour }>;

function lightTheme(accent: Colour): Theme | undefined {
  const theme = { accent, strong: mix(accent, BLACK, 0.25), on: WHITE, soft: mix(accent, WHITE, 0.9) };
  return isReadable(theme, LIGHT_SURFACE) ? theme : undefined;
}

/** White is readable on dark, so that some step towards it always is. */
function darkTheme(accent: Colour): Theme {
  const soft = mix(accent, DARK_SURFACE, 0.8);
  const themeAt = (share: number): Theme => {
    const lighter = mix(accent, WHITE, share);
    return { accent: lighter, strong: mix(lighter, WHITE, 0.35), on: mix(accent, BLACK, 0.8), soft };
  };
  return (
    steps()
      .map(themeAt)
      .find((theme) => isReadable(theme, DARK_SURFACE)) ?? themeAt(1)
  );
}

function isReadable({ accent, strong, on, soft }: Theme, surface: Colour): boolean {
  const pairs = [
    [accent, surface],
    [accent, soft],
    [on, accent],
    [on, strong],
  ] as const;
  return pairs.every(([one, other]) => contrast(one, other) >= MIN_CONTRAST);
}

function contrast(one: Colour, other: Colour): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const at = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [at(0), at(1), at(2)];
}

/** 0 to 1 in twentieths. */
function steps(): readonly number[] {
  return Array.from({ length: 21 }, (_, step) => step / 20);
}

function parse(text: string): Colour | undefined {
  const [, red = "", green = "", blue = ""] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text) ?? [];
  return red === "" ? undefined : [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

function hex(colour: Colour): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function hexOf({ accent, strong, on, soft }: Theme): AccentTheme {
  return { accent: hex(accent), strong: hex(strong), on: hex(on), soft: hex(soft) };
}
