import { readFileSync } from "node:fs";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * How many transactions the write-ahead log of a database holds: the frames that close one carry the size of the
 * database after it (SQLite file format §4.1). Only meaningful before the log is first checkpointed.
 */
export function committedTransactions(databasePath: string): number {
  const log = readFileSync(`${databasePath}-wal`);
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let count = 0;
  for (let offset = HEADER_BYTES; offset + frameBytes <= log.length; offset += frameBytes) {
    if (!log.subarray(offset + 8, offset + 16).equals(salt)) break;
    if (log.readUInt32BE(offset + 4) !== 0) count += 1;
  }
  return count;
}
