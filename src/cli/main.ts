import { parseArgs } from "node:util";
import { ConfigError } from "../domain/config-error.ts";
import { isOutage } from "../store/engines/postgres-faults.ts";
import { type Command, EXIT, type Invocation, RefusedError, UsageError } from "./command.ts";
import { COMMANDS, type CommandEntry } from "./commands.ts";

/** Runs one command and answers with the exit code; what goes wrong is one sentence on stderr, never a stack trace. */
export async function main(args: readonly string[]): Promise<number> {
  tolerateClosedPipe();
  try {
    return await dispatch(args);
  } catch (error) {
    return explain(error);
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    print(overview());
    return first === undefined ? EXIT.usage : EXIT.ok;
  }
  const entry = COMMANDS.find(({ name }) => name.every((word, index) => args[index] === word));
  if (!entry) throw new UsageError(unknownCommand(args));
  const command = await entry.load();
  const rest = args.slice(entry.name.length);
  if (rest.includes("--help") || rest.includes("-h")) {
    print(helpOf(command));
    return EXIT.ok;
  }
  return command.run(invocationOf(command, rest));
}

function invocationOf(command: Command, args: readonly string[]): Invocation {
  const { values, positionals } = parse(command, args);
  if (positionals.length !== command.positionals) throw new UsageError(`usage: countersign ${command.usage}`);
  return { values, positionals, env: process.env, print, warn };
}

function parse(command: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: command.options, allowPositionals: true, strict: true });
  } catch (error) {
    // Its first sentence names the option; the rest is about the syntax of options in general.
    throw new UsageError(error instanceof Error ? (error.message.split(". ")[0] ?? "") : "the options cannot be read");
  }
}

function explain(error: unknown): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) warn(problem);
    return EXIT.config;
  }
  if (error instanceof UsageError) {
    warn(`${error.message}\nSee: countersign --help`);
    return EXIT.usage;
  }
  if (error instanceof RefusedError) {
    warn(error.message);
    return EXIT.failed;
  }
  return unexpected(error);
}

/** Drivers repeat parameters in their messages, so only the name and the code of an unexpected error are told. */
function unexpected(error: unknown): number {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_BUSY")) {
    warn("The database is busy: try again.");
    return EXIT.busy;
  }
  if (isOutage(error)) {
    warn(`The database cannot be reached ${code}`.trimEnd());
    return EXIT.busy;
  }
  warn(`countersign failed unexpectedly: ${error instanceof Error ? error.name : typeof error} ${code}`.trimEnd());
  return EXIT.internal;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.join(" ").length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.join(" ").padEnd(width)}  ${summary}`);
  return `Usage: countersign <command> [options]\n\n${lines.join("\n")}\n\ncountersign <command> --help tells more.`;
}

function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, { type, multiple, help }]) => {
    const shown = `--${name}${type === "string" ? " <text>" : ""}`;
    return `  ${shown.padEnd(24)}  ${help}${multiple === true ? " (may be repeated)" : ""}`;
  });
  return [`Usage: countersign ${command.usage}`, "", command.description, "", ...options].join("\n").trimEnd();
}

function unknownCommand(args: readonly string[]): string {
  const group = COMMANDS.filter(({ name }) => name.length > 1 && name[0] === args[0]);
  const hint = group.length > 0 ? group : nearest(args[0] ?? "");
  const known = hint.map(({ name }) => `countersign ${name.join(" ")}`).join(", ");
  return known === "" ? "unknown command" : `unknown command; did you mean ${known}?`;
}

function nearest(word: string): readonly CommandEntry[] {
  return COMMANDS.filter(({ name }) => name.some((part) => word.length > 1 && part.startsWith(word.slice(0, 2))));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `countersign audit export | head` ends quietly when the reader has had enough. */
function tolerateClosedPipe(): void {
  process.stdout.on("error", (error) => {
    if ("code" in error && error.code === "EPIPE") process.exit(EXIT.ok);
    throw error;
  });
}
