import { searchFor } from "../../src/cli/dump-audit/search.ts";

/** Members of requests and answers that name a person or hold a secret, with all that is in them. */
const CONFIDENTIAL = new Set([
  "subject",
  "account_name",
  "context",
  "device",
  "password",
  "recovery_code",
  "recovery_codes",
  "secret",
  "source_ip",
  "totp",
  "url",
]);
/** What is shorter could stand in a request id by chance. */
const SHORTEST = 5;

/** Notes what goes over the API in confidence, and holds the log against it. */
export type LogWatch = Readonly<{
  note: (body: unknown) => void;
  /** The lines that hold something of it, in any spelling. */
  tellingLines: () => readonly string[];
}>;

export function watchLog(log: readonly string[]): LogWatch {
  const noted = new Set<string>();
  return {
    note: (body) => collect(body, false, noted),
    tellingLines() {
      if (log.length === 0) return [];
      const { hitsIn } = searchFor([...noted]);
      const isTelling = (line: string) =>
        hitsIn(Buffer.from(line)).length > 0 || [...noted].some((text) => line.includes(text));
      return log.filter(isTelling);
    },
  };
}

function collect(value: unknown, isConfidential: boolean, into: Set<string>): void {
  if (typeof value === "string") {
    // Of an address, the one-time token.
    const text = value.startsWith("http") ? (value.split("/").at(-1) ?? "") : value;
    if (isConfidential && text.length >= SHORTEST) into.add(text);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) collect(member, isConfidential || CONFIDENTIAL.has(name), into);
}
