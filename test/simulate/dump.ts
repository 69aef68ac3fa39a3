import { copyDatabase } from "../../src/cli/dump-audit/places.ts";
import { searchFor } from "../../src/cli/dump-audit/search.ts";
import type { Countersign } from "./countersign.ts";

export type DumpResult = Readonly<{ people: number; identifiers: number; secrets: number; bytes: number }>;

/** Somebody has the database and a list with everybody in it, but not the key: what is in there for them? */
export async function readDump(service: Countersign, people: number): Promise<DumpResult> {
  const references = Array.from({ length: people }, (_, index) => `person-${index}@dumped.example`);
  for (const reference of references) await service.enrol(reference);
  await service.deps.store.committed();
  const copy = copyDatabase(service.databasePath);
  try {
    const found = (texts: readonly string[]) => new Set([...copy.hits(searchFor(texts))].map(({ text }) => text)).size;
    return { people, identifiers: found(references), secrets: found(service.secrets), bytes: copy.bytes };
  } finally {
    copy.remove();
  }
}
