import { expect, test } from "vitest";
import { diffSheets, isSameRow } from "./diff-sheets.ts";

/** The changed rows as texts: `-` removed, `+` added, `~` changed. */
function changes(before: string, after: string): string[] {
  const change = diffSheets(before, after);
  return change.rows.flatMap((pair) => {
    if (isSameRow(change, pair)) return [];
    const old = change.before[pair.before ?? -1]?.join("|");
    const now = change.after[pair.after ?? -1]?.join("|");
    if (old === undefined) return [`+ ${now}`];
    return now === undefined ? [`- ${old}`] : [`~ ${old} → ${now}`];
  });
}

test("changed, added and removed rows are found in their places", () => {
  const before = "n,x\na,1\nb,2\nc,3\nd,4\n";
  expect(changes(before, "n,x\na,1\nb,5\nc,3\ne,6\nd,4\n")).toEqual(["~ b|2 → b|5", "+ e|6"]);
  expect(changes(before, "n,x\na,1\nc,3\nd,4\n")).toEqual(["- b|2"]);
  expect(changes(before, before)).toEqual([]);
  expect(changes("", "a\n")).toEqual(["+ a"]);
});

test("a new column leaves the rows as they are", () => {
  const change = diffSheets("n,x\na,1\nb,2\n", "n,new,x\na,,1\nb,q,2\n");
  expect(change.columns).toEqual([
    { before: 0, after: 0 },
    { before: null, after: 1 },
    { before: 1, after: 2 },
  ]);
  expect(change.rows.filter((pair) => !isSameRow(change, pair))).toEqual([]);
});

test("quotes and line breaks alone are no change", () => {
  expect(changes('a,b\n1,"2"\n', 'a,b\r\n"1",2')).toEqual([]);
});

test("large sheets without anything in common are compared in a bounded time", () => {
  const sheet = (word: string) =>
    Array.from({ length: 30_000 }, (_, row) => `${word}${row},${row % 7},${row % 11}`).join("\n");
  const startMs = performance.now();
  const change = diffSheets(sheet("a"), sheet("b"));
  expect(performance.now() - startMs).toBeLessThan(3_000);
  expect(change.rows).toHaveLength(30_000);
});
