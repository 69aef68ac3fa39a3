/** Elements that draw. No script, style, image, animation, link, foreign content or reuse of other documents. */
const ELEMENTS = new Set([
  "svg",
  "g",
  "path",
  "rect",
  "circle",
  "ellipse",
  "line",
  "polyline",
  "polygon",
  "defs",
  "linearGradient",
  "radialGradient",
  "stop",
  "clipPath",
  "title",
  "desc",
]);

/** Attributes that say where and how to draw. None of them loads or runs anything, whatever its value. */
const ATTRIBUTES = new Set(
  (
    "xmlns version id viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform gradientTransform " +
    "gradientUnits spreadMethod offset stop-color stop-opacity fill fill-rule fill-opacity stroke stroke-width " +
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity opacity " +
    "clip-path clip-rule clipPathUnits color preserveAspectRatio role aria-label"
  ).split(" "),
);

const DECLARATION =
  /^\uFEFF?\s*(?:<\?xml version="1\.[01]"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\s*\?>)?\s*/;
const COMMENT = /^<!--(?:(?!--)[\s\S])*-->/;
const CLOSING = /^<\/([A-Za-z]+)\s*>/;
const OPENING = /^<([A-Za-z]+)((?:\s+[A-Za-z][A-Za-z0-9-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/;
const ATTRIBUTE = /([A-Za-z][A-Za-z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const TEXT = /^[^<&]+/;
const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Whether a text is an SVG image of shapes alone: well-formed, one `svg` element, and nothing in it that is not on the
 * lists. Strict rather than clever: no entities, no document type, no namespaces but SVG's own.
 */
export function isPlainSvg(text: string): boolean {
  let rest = text.replace(DECLARATION, "");
  const open: string[] = [];
  let roots = 0;
  while (rest.trim() !== "") {
    const token = COMMENT.exec(rest) ?? CLOSING.exec(rest) ?? OPENING.exec(rest) ?? TEXT.exec(rest);
    if (!token) return false;
    const [all, name, attributes, selfClosing] = token;
    if (all.startsWith("</")) {
      if (open.pop() !== name) return false;
    } else if (all.startsWith("<!--")) {
      // Comments say nothing to a renderer.
    } else if (name !== undefined) {
      if (open.length === 0) roots += 1;
      if (!isPlainElement(name, attributes ?? "", open.length === 0)) return false;
      if (selfClosing !== "/") open.push(name);
    } else if (open.length === 0 && all.trim() !== "") return false;
    rest = rest.slice(all.length);
  }
  return roots === 1 && open.length === 0;
}

function isPlainElement(name: string, attributes: string, isRoot: boolean): boolean {
  if (!ELEMENTS.has(name) || isRoot !== (name === "svg")) return false;
  const given = [...attributes.matchAll(ATTRIBUTE)].map(([, key = "", one, other]) => ({
    key,
    value: one ?? other ?? "",
  }));
  const isNamed = !isRoot || given.some(({ key, value }) => key === "xmlns" && value === NAMESPACE);
  return isNamed && given.every(({ key, value }) => isPlainAttribute(key, value));
}

function isPlainAttribute(key: string, value: string): boolean {
  if (!ATTRIBUTES.has(key)) return false;
  if (key === "xmlns") return value === NAMESPACE;
  // References stay inside the image; a character reference could spell one that does not.
  const isLocal = !/url\s*\(/i.test(value) || /^url\(#[A-Za-z][\w-]*\)$/.test(value);
  return isLocal && !/[&\\]|javascript:|data:/i.test(value);
}
