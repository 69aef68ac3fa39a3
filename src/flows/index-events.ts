import type { Deps } from "../ports/deps.ts";

const PAGE = 1_000;
const CHUNK = 200;

export type IndexingPace = Readonly<{
  /** No more events than this in one go. */
  most: number;
  /** Awaited between pieces of work of a few milliseconds each, so that requests come in between. */
  pause: () => Promise<void>;
}>;

/**
 * Adds the audit events since the last time to the index by subject, and answers how many there were. They go in by
 * order of subject, so that neighbours change a page of the index together. It can be stopped anywhere and run by several
 * nodes at once: an entry is the same whoever adds it, and the cursor moves only once all before it are in.
 */
export async function indexEvents({ store }: Pick<Deps, "store">, { most, pause }: IndexingPace): Promise<number> {
  const { bySubject } = store.audit;
  let upTo = await bySubject.indexedUpTo();
  const entries: { eventId: number; subjectLookup: string }[] = [];
  let seen = 0;
  while (seen < most) {
    const page = await bySubject.listAfter(upTo, Math.min(PAGE, most - seen));
    for (const { id, subjectLookup } of page) if (subjectLookup !== null) entries.push({ eventId: id, subjectLookup });
    seen += page.length;
    upTo = page.at(-1)?.id ?? upTo;
    if (page.length < PAGE) break;
    await pause();
  }
  if (seen === 0) return 0;
  entries.sort((a, b) => (a.subjectLookup < b.subjectLookup ? -1 : 1));
  for (let start = 0; start < entries.length; start += CHUNK) {
    await store.atomically(bySubject.add(entries.slice(start, start + CHUNK)));
    await pause();
  }
  await store.atomically([bySubject.markUpTo(upTo)]);
  return seen;
}
