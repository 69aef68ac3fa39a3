/** What a page's document links to, as addresses on our own origin. */
export type Assets = Readonly<{
  script?: string;
  preloads: readonly string[];
  styles: readonly string[];
  icon?: string;
}>;

type Chunk = Readonly<{ file: string; imports: readonly string[] }>;

/**
 * Reads Vite's manifest once and returns a look-up: the entry of a page with everything it imports, and the words of
 * its language, so that the browser fetches all at once. Throws when an entry is missing: the build does not match.
 */
export function readAssets(
  manifest: unknown,
): (entry: string | undefined, words: readonly string[], styles: readonly string[]) => Assets {
  const chunks = new Map(
    Object.entries(isRecord(manifest) ? manifest : {}).map(([key, chunk]) => [key, toChunk(key, chunk)]),
  );
  const find = (key: string): Chunk => {
    const chunk = chunks.get(key);
    if (chunk === undefined) throw new Error(`the manifest of the pages has no ${key}`);
    return chunk;
  };
  const icon = `/${find("ui/icon.svg").file}`;
  return (entry, words, styles) => {
    const found = styles.map((key) => `/${find(key).file}`);
    if (entry === undefined) return { preloads: [], styles: found, icon };
    const wanted = new Set([...words, ...find(entry).imports].flatMap((key) => withImports(key, find)));
    return {
      script: `/${find(entry).file}`,
      preloads: [...wanted].map((key) => `/${find(key).file}`),
      styles: found,
      icon,
    };
  };
}

function withImports(key: string, find: (key: string) => Chunk): readonly string[] {
  return [key, ...find(key).imports.flatMap((imported) => withImports(imported, find))];
}

function toChunk(key: string, value: unknown): Chunk {
  if (!isRecord(value) || typeof value.file !== "string")
    throw new Error(`the manifest of the pages is broken at ${key}`);
  const imports = Array.isArray(value.imports) ? value.imports.filter((name) => typeof name === "string") : [];
  return { file: value.file, imports };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
