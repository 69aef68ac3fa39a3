/**
 * The service cannot run as it is configured: exit with status 78. `problems` are sentences for the operator, each
 * naming the setting or file to change, none repeating a secret.
 */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}
