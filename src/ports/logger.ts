/**
 * Operational log: one line an event. Fields are ids, counts and codes; identifiers, codes, secrets, addresses and
 * error texts from drivers (which may repeat parameters) never go in.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Logger = Readonly<{
  info: (event: string, fields?: LogFields) => void;
  warn: (event: string, fields?: LogFields) => void;
  error: (event: string, fields?: LogFields) => void;
}>;
