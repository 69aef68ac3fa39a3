import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const TESTS = join(import.meta.dirname, "..");
const PAGE = readFileSync(join(TESTS, "../docs/conformance.md"), "utf8");

/** Every requirement: how many a group has, from 1 on. */
const GROUPS = {
  E: 15,
  P: 14,
  T: 15,
  W: 20,
  R: 10,
  L: 15,
  H: 10,
  S: 10,
  A: 15,
  O: 16,
  C: 9,
  G: 9,
  B: 10,
  AAL: 6,
} as const;

/** Every rule of the interface: first and last of each run. */
const INTERFACE = [
  [1, 17],
  [20, 32],
  [40, 47],
  [50, 64],
  [70, 73],
  [80, 85],
  [90, 91],
  [100, 110],
] as const;

const IDS = [
  ...Object.entries(GROUPS).flatMap(([group, last]) => range(1, last).map((number) => idOf(group, number))),
  ...INTERFACE.flatMap(([first, last]) => range(first, last).map((number) => idOf("U", number))),
];

type Row = Readonly<{ id: string; requirement: string; status: string; evidence: string }>;
type Reference = Readonly<{ file: string; titles: readonly string[] }>;

const ROWS = readRows(PAGE);

/** What the evidence of a status has to have: tests, words, or both. */
const STATUSES: Readonly<Record<string, Readonly<{ needsTest: boolean; needsWords: boolean }>>> = {
  met: { needsTest: true, needsWords: false },
  part: { needsTest: true, needsWords: true },
  built: { needsTest: false, needsWords: true },
  "n/a": { needsTest: false, needsWords: true },
  open: { needsTest: false, needsWords: true },
};

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function idOf(group: string, number: number): string {
  return `${group}-${String(number).padStart(2, "0")}`;
}

/** The rows of all tables that begin with an id. */
function readRows(page: string): readonly Row[] {
  const lines = page.split("\n").filter((line) => /^\| (?:AAL|[A-Z])-\d+ \|/.test(line));
  return lines.map((line) => {
    const cells = line.slice(2, -2).split(" | ");
    if (cells.length !== 4) throw new Error(`not four cells: ${line}`);
    const [id = "", requirement = "", status = "", evidence = ""] = cells;
    return { id, requirement, status, evidence };
  });
}

/** Files in backticks, each with the titles that follow it in quotation marks. */
function referencesIn({ evidence }: Row): readonly Reference[] {
  return [...evidence.matchAll(/`([\w./-]+\.ts)`((?:\s"[^"]+")*)/g)].map(([, file = "", quoted = ""]) => ({
    file,
    titles: [...quoted.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title),
  }));
}

/** What is wrong with a reference: no such file, no title, or a title that the file does not have. */
function problemsOf({ id }: Row, { file, titles }: Reference): readonly string[] {
  if (!existsSync(join(TESTS, file))) return [`${id}: there is no ${file}`];
  if (titles.length === 0) return [`${id}: no title of ${file} is named`];
  return titles.filter((title) => !hasTitle(file, title)).map((title) => `${id}: ${file} has no "${title}"`);
}

/** Whether a file has a test or a group of tests with exactly this title. */
function hasTitle(file: string, title: string): boolean {
  const source = readFileSync(join(TESTS, file), "utf8");
  return ['"', "'", "`"].some((mark) => source.includes(`${mark}${title}${mark}`));
}

describe("the conformance page", () => {
  test("has one row for every requirement, and none for anything else", () => {
    expect(ROWS.map(({ id }) => id).sort()).toEqual([...IDS].sort());
  });

  test("names only tests that exist, by their exact titles", () => {
    expect(ROWS.flatMap((row) => referencesIn(row).flatMap((reference) => problemsOf(row, reference)))).toEqual([]);
  });

  test("says for each row what its status asks for", () => {
    for (const row of ROWS) {
      const status = STATUSES[row.status];
      if (status === undefined) throw new Error(`${row.id}: there is no status ${row.status}`);
      const words = row.evidence.replaceAll(/`[\w./-]+\.ts`|"[^"]+"|[;:.\s]/g, "");
      if (status.needsTest) expect(referencesIn(row), row.id).not.toEqual([]);
      if (status.needsWords) expect(words.length, row.id).toBeGreaterThan(5);
    }
  });

  test("counts its rows right", () => {
    for (const status of Object.keys(STATUSES)) {
      const count = ROWS.filter((row) => row.status === status).length;
      expect(PAGE).toMatch(new RegExp(`^\\| ${status} \\| .+ \\| ${count} \\|$`, "m"));
    }
  });

  test("would notice a test that is gone or was renamed", () => {
    expect(hasTitle("conformance/matrix.test.ts", ["counts its", "rows right"].join(" "))).toBe(true);
    expect(hasTitle("conformance/matrix.test.ts", ["counts its", "rows"].join(" "))).toBe(false);
  });
});
