import type { ParseArgsOptionDescriptor } from "node:util";

/** Exit codes, after sysexits(3) where it has one. */
export const EXIT = { ok: 0, failed: 1, usage: 64, internal: 70, busy: 75, config: 78 } as const;

export type OptionValues = Readonly<Record<string, undefined | string | boolean | readonly (string | boolean)[]>>;

/** What a command gets: its parsed arguments, and the process seen from outside. */
export type Invocation = Readonly<{
  values: OptionValues;
  positionals: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** One line to stdout. */
  print: (line: string) => void;
  /** One line to stderr. */
  warn: (line: string) => void;
}>;

export type Option = ParseArgsOptionDescriptor & Readonly<{ help: string }>;

/** One command of the command line; `run` answers with the exit code. */
export type Command = Readonly<{
  /** What stands between `countersign` and the options, such as `rp revoke <client_id>`. */
  usage: string;
  description: string;
  options: Readonly<Record<string, Option>>;
  /** How many arguments it takes: exactly these. */
  positionals: number;
  run: (invocation: Invocation) => Promise<number>;
}>;

/** `--json`, for the commands whose result another program reads. */
export const JSON_OPTION = { type: "boolean", help: "print JSON" } as const;

/** The command line is not as documented: exit 64 with this sentence. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** What was asked for cannot be done: exit 1 with this sentence. It holds no secret. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RefusedError";
  }
}

/** The text of an option, or undefined when it was not given. */
export function textOf(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The text of an option that must be given; throws UsageError. */
export function neededText(values: OptionValues, name: string): string {
  const value = textOf(values, name);
  if (value === undefined || value.trim() === "") throw new UsageError(`--${name} is needed`);
  return value;
}

/** Every text of a repeatable option. */
export function textsOf(values: OptionValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** A whole number that is not negative; throws UsageError for anything else. */
export function wholeNumberOf(values: OptionValues, name: string): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} is a whole number`);
  return Number(text);
}

/** A number that is not negative, with a decimal point if need be; throws UsageError for anything else. */
export function numberOf(values: OptionValues, name: string): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) throw new UsageError(`--${name} is a number`);
  return Number(text);
}
