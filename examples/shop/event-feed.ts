import type { CountersignClient, CountersignEvent } from "./countersign-client.ts";

/**
 * What happened at Countersign that customers should be told. The shop follows the one list of events with a cursor and
 * sorts them by person. A real shop would do so on a timer, keep the cursor, and write people an e-mail.
 */
export type EventFeed = Readonly<{
  /** The latest events of one person, newest first; undefined when Countersign cannot be asked. */
  listOf: (subjectId: string) => Promise<readonly CountersignEvent[] | undefined>;
}>;

const PAGES_AT_ONCE = 20;
const KEPT_EACH = 10;

export function createEventFeed(client: CountersignClient): EventFeed {
  const bySubject = new Map<string, readonly CountersignEvent[]>();
  let cursor = "0";
  let pulling: Promise<boolean> | undefined;

  async function pull(): Promise<boolean> {
    for (let page = 0; page < PAGES_AT_ONCE; page++) {
      const listed = await client.listEvents(cursor);
      if (!listed.ok) return false;
      for (const event of listed.value.events) keep(event);
      if (listed.value.next === cursor) break;
      cursor = listed.value.next;
    }
    return true;
  }

  function keep(event: CountersignEvent): void {
    if (event.subject_id === undefined) return;
    const earlier = bySubject.get(event.subject_id) ?? [];
    bySubject.set(event.subject_id, [event, ...earlier].slice(0, KEPT_EACH));
  }

  return {
    async listOf(subjectId) {
      pulling ??= pull().finally(() => {
        pulling = undefined;
      });
      return (await pulling) ? (bySubject.get(subjectId) ?? []) : undefined;
    },
  };
}
