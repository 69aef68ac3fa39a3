import { type Gathering, gathering } from "./gathering.ts";
import type { Bulk, Bulks } from "./postgres-bulk.ts";
import { isRefusal } from "./postgres-faults.ts";
import type { Rows, Statement } from "./postgres-queries.ts";

type Run = (statement: Statement) => Promise<Rows>;

type Waiting = Readonly<{ statement: Statement; resolve: (rows: Rows) => void; reject: (cause: unknown) => void }>;

const MOST = 64;
/** One bulk of a kind is on its way while the next one gathers. */
const UNDER_WAY = 1;

/**
 * Statements of the same text that are handed in at the same time go to the server as one: a round trip and a commit serve
 * all of them, each still decides about its own row alone, and none sees the others. Two that would change the same row
 * never share a bulk. What the server refuses as a bulk runs one by one, and so does whatever has no bulk form, or is
 * alone.
 */
export function gatherStatements(run: Run, bulks: Bulks): Run {
  const kinds = new Map<string, Gathering<Waiting>>();

  function kindOf(text: string, bulk: Bulk): Gathering<Waiting> {
    const kind =
      kinds.get(text) ??
      gathering<Waiting>({
        atOnce: UNDER_WAY,
        take: (waiting) => takeTogether(waiting, bulk.keyIndex),
        carryOut: (together) => carryOut(together, bulk),
      });
    kinds.set(text, kind);
    return kind;
  }

  /** Never rejects: each learns its own end. */
  async function carryOut(together: readonly Waiting[], bulk: Bulk): Promise<void> {
    if (together.length === 1) return each(together);
    try {
      const parameters = bulk.parametersOf(together.map(({ statement }) => statement.parameters));
      const rowsOf = dealOut(await run({ text: bulk.text, parameters }), together.length);
      const isOpen = (_: Waiting, index: number) => bulk.mayBeAgain && rowsOf[index]?.length === 0;
      together.forEach((one, index) => {
        if (!isOpen(one, index)) one.resolve(rowsOf[index] ?? []);
      });
      await each(together.filter(isOpen));
    } catch (cause) {
      if (isRefusal(cause)) return each(together);
      for (const { reject } of together) reject(cause);
    }
  }

  async function each(waiting: readonly Waiting[]): Promise<void> {
    await Promise.all(waiting.map(({ statement, resolve, reject }) => run(statement).then(resolve, reject)));
  }

  return (statement) => {
    const bulk = bulks.of(statement);
    if (bulk === undefined) return run(statement);
    return new Promise((resolve, reject) => kindOf(statement.text, bulk).add({ statement, resolve, reject }));
  };
}

/**
 * Takes whoever can share a bulk; who would change the same row as another one stays. Rows are changed in the order of
 * their keys, so that no two bulks wait for each other.
 */
function takeTogether(waiting: readonly Waiting[], keyIndex: number | undefined) {
  if (keyIndex === undefined) return { together: waiting.slice(0, MOST), left: waiting.slice(MOST) };
  const byKey = new Map<unknown, Waiting>();
  const left: Waiting[] = [];
  for (const one of waiting) {
    const key = one.statement.parameters[keyIndex];
    if (byKey.size === MOST || byKey.has(key)) left.push(one);
    else byKey.set(key, one);
  }
  const together = [...byKey].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).map(([, one]) => one);
  return { together, left };
}

/** The rows of each list, without their ordinal. */
function dealOut(rows: Rows, lists: number): unknown[][][] {
  const dealt = Array.from({ length: lists }, (): unknown[][] => []);
  for (const [ordinal, ...columns] of rows) dealt[Number(ordinal) - 1]?.push(columns);
  return dealt;
}
