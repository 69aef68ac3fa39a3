import type { LogFields, Logger } from "../ports/logger.ts";

/** One JSON object a line; JSON escapes control characters, so that no value can forge a line. */
export function createJsonLogger(write: (line: string) => void): Logger {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      write(JSON.stringify({ at: new Date().toISOString(), level, event, ...fields }));
  return { info: log("info"), warn: log("warn"), error: log("error") };
}
