/** What an answer looks like to whoever compares it with another: all that does not differ from one time to the next. */
export type Look = string;

type Answered = Readonly<{ status: number; headers: Headers; text: string }>;

/** Status, headers in their order, the body with what is random replaced by its kind and length, and the body's length. */
export function lookOf({ status, headers, text: whole }: Answered): Look {
  const text = whole.replaceAll(/"id":"\d+"/g, '"id":"of an event"');
  const names = [...headers].map(([name, value]) => `${name}: ${masked(value)}`);
  return [`${status}`, ...names, masked(text), `${text.length} characters`].join("\n");
}

/** Ids by their prefix, times, and runs of base64url that are too long for a word. */
function masked(text: string): string {
  return text
    .replaceAll(/\b(req|ch|sub|en|au|rp|key|dev)_[0-9a-z]{26}/g, "$1_…")
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "time")
    .replaceAll(/[\w-]{27,}/g, (run) => `${run.length} random`);
}
