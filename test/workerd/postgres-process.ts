// A migrated PostgreSQL in a process of its own: its URL on stdout, until stdin ends.
import { openWorkerPostgres } from "../support/worker-postgres.ts";

const { url, close } = await openWorkerPostgres();
console.log(url);
process.stdin.resume().once("end", () => void close());
