/**
 * Sheets keep every byte that was not edited. The random test takes its first seed from
 * `VITE_RANDOM_SEED` and its number of runs from `VITE_RANDOM_RUNS`.
 */
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { Dice } from "../../../../../e2e/support/dice.ts";
import { countColumns, readSheet, type Sheet, textOf, valuesOf, writeSheet } from "./csv-text.ts";
import {
  deleteColumn,
  deleteRow,
  insertColumn,
  insertRow,
  setCell,
  setCells,
  sortRows,
} from "./sheet-edits.ts";

const firstSeed = Number(import.meta.env.VITE_RANDOM_SEED ?? Date.now() % 1_000_000_000);
const runs = Number(import.meta.env.VITE_RANDOM_RUNS ?? 500);

const read = (text: string) => readSheet(text).rows.map(valuesOf);

/** @returns what Papa Parse reads, without the empty row after a last line break */
function parse(text: string, newline: "\n" | "\r\n" | "\r" = "\n"): string[][] {
  const { delimiter } = readSheet(text);
  const { data } = Papa.parse<string[]>(text, { delimiter, newline });
  const isEnded = (readSheet(text).rows.at(-1)?.ending ?? "") !== "";
  return isEnded ? data.slice(0, -1) : data;
}

const nasty = {
  nothing: "",
  "a mark alone": "\uFEFF",
  "one cell": "a",
  "a row": "a,b,c\n",
  "no line break at the end": "a,b\n1,2",
  "ragged rows": "a,b,c\n1\n1,2,3,4\n,\n",
  "blank lines": "\n\na\n\n",
  "quotes that nothing needs": '"a","b"\n"1",2\n',
  "quotes in quotes": '"say ""hi""",b\n',
  "line breaks in cells": '"one\ntwo",b\n"\n",\n',
  "a mark and quotes": '\uFEFF"a,b",c\n',
  "blanks after a quote": '"a"  ,b\n"c" \nd,e\n',
  "blanks before a quote": ' "a",b\n',
  "a quote within": 'a"b,c\n5" pipe,x\n',
  "a broken quote": '"a"b,c\nd,"e"\nf\n',
  "a quote that never ends": 'a,"b\nc,d\n',
  "an escaped quote at the end": 'a,"b""',
  "empty quotes": '"",""\n""\n',
  semicolons: 'a;b\n"1,5";"2;3"\n',
  tabs: "a\tb\n1\t2\n",
  formulas: "=1+1,+2,-3,@x\n",
  "a delimiter in a later heading": "a,b;c\n1,2;3\n",
  "delimiters in quotes at the start": '"x;y"\n1,2\n',
};

describe.each(Object.entries(nasty))("%s", (_, text) => {
  test("is written as it was read", () => {
    expect(writeSheet(readSheet(text))).toBe(text);
  });

  test("is read as Papa Parse reads it", () => {
    expect(read(text)).toEqual(parse(text));
  });

  test("also with other line breaks", () => {
    for (const newline of ["\r\n", "\r"] as const) {
      const other = text.replaceAll("\n", newline);
      expect(writeSheet(readSheet(other))).toBe(other);
      expect(read(other)).toEqual(parse(other, newline));
    }
  });

  test("changes by a cell’s own bytes when one cell is edited", () => {
    const sheet = readSheet(text);
    for (const [row, { raws }] of sheet.rows.entries()) {
      for (const column of raws.keys()) expectOneCell(sheet, { row, column }, 'n,e"w');
    }
  });
});

/** Edits a cell, and expects all bytes before and after it to be the same. */
function expectOneCell(sheet: Sheet, place: { row: number; column: number }, value: string): Sheet {
  const edited = setCell(sheet, place, value);
  const before = writeSheet(sheet);
  const start = writeSheet({ ...sheet, rows: sheet.rows.slice(0, place.row) }).length;
  const { raws = [] } = sheet.rows[place.row] ?? {};
  const at = start + raws.slice(0, place.column).reduce((sum, raw) => sum + raw.length + 1, 0);
  const raw = raws[place.column] ?? "";
  const rest = before.slice(at + raw.length);
  const after = writeSheet(edited);
  expect(after.slice(0, at)).toBe(before.slice(0, at));
  expect(after.endsWith(rest), JSON.stringify({ before, after })).toBe(true);
  const written = after.slice(at, after.length - rest.length);
  expect(textOf(written)).toBe(value);
  if (value === textOf(raw)) expect(after).toBe(before);
  if (raw.startsWith('"')) expect(written.startsWith('"')).toBe(true);
  return edited;
}

test("a cell beyond the sheet makes it grow with rows as long as the others", () => {
  expect(writeSheet(setCell(readSheet("a,b\r\n1,2"), { row: 3, column: 2 }, "x"))).toBe(
    "a,b\r\n1,2\r\n,\r\n,,x",
  );
  expect(writeSheet(setCell(readSheet(""), { row: 0, column: 1 }, "x"))).toBe(",x\n");
  const sheet = readSheet("a\n");
  expect(setCell(sheet, { row: 9, column: 9 }, "")).toBe(sheet);
});

test("rows and columns are added and taken away", () => {
  const sheet = readSheet("a,b\n1\n\n2,3\n");
  expect(writeSheet(insertRow(sheet, 1))).toBe("a,b\n,\n1\n\n2,3\n");
  expect(writeSheet(deleteRow(sheet, 0))).toBe("1\n\n2,3\n");
  expect(writeSheet(insertColumn(sheet, 1))).toBe("a,,b\n1,\n\n2,,3\n");
  expect(writeSheet(insertColumn(sheet, 2))).toBe("a,b,\n1\n\n2,3,\n");
  expect(writeSheet(deleteColumn(sheet, 0))).toBe("b\n\n\n3\n");
  expect(writeSheet(deleteRow(readSheet("a\nb"), 1))).toBe("a");
  expect(writeSheet(deleteColumn(readSheet("a\nb\n"), 0))).toBe("");
});

test("numbers are sorted before texts, and empty cells are last", () => {
  const sheet = readSheet("n\n10\nb2\n\n9\nb10\n-1");
  const sorted = (isDescending: boolean) =>
    read(writeSheet(sortRows(sheet, { column: 0, isDescending, hasHeading: true }))).flat();
  expect(sorted(false)).toEqual(["n", "-1", "9", "10", "b2", "b10", ""]);
  expect(sorted(true)).toEqual(["n", "b10", "b2", "10", "9", "-1", ""]);
});

test("a sorted sheet keeps the bytes of its rows, and ends as it ended", () => {
  const sheet = readSheet('n,x\r\n"2","b"\r\n1, c');
  const text = writeSheet(sortRows(sheet, { column: 0, isDescending: false, hasHeading: true }));
  expect(text).toBe('n,x\r\n1, c\r\n"2","b"');
});

test("the only column of a sheet with semicolons may have commas", () => {
  expect(writeSheet(deleteColumn(readSheet("a;b\n1,5;2\n"), 1))).toBe('a\n"1,5"\n');
});

type Change = (sheet: Sheet, dice: Dice) => Sheet;
const pieces = [
  "a",
  "7",
  '"',
  '""',
  ",",
  ";",
  "\t",
  "\n",
  "\r\n",
  "\r",
  " ",
  "\uFEFF",
  "=",
  "é",
] as const;
const words = [
  "",
  "a",
  "7",
  "x,y",
  "x;y",
  "t\tt",
  'q"q',
  '"',
  "l\nl",
  "l\r\nl",
  " b ",
  "\uFEFF",
  "=1",
] as const;
const placeIn = ({ rows }: Sheet, dice: Dice, beyond = 0) => ({
  row: dice.between(0, Math.max(0, rows.length - 1 + beyond)),
  column: dice.between(0, Math.max(0, countColumns(rows) - 1 + beyond)),
});
const changes: readonly [Change, ...Change[]] = [
  (sheet, dice) => {
    const place = placeIn(sheet, dice);
    const isThere = (sheet.rows[place.row]?.raws.length ?? 0) > place.column;
    const value = dice.pick(words);
    return isThere && hasRoom(sheet, place, value)
      ? expectOneCell(sheet, place, value)
      : setCell(sheet, place, value);
  },
  (sheet, dice) => {
    const block = Array.from({ length: dice.between(1, 3) }, () =>
      Array.from({ length: dice.between(1, 3) }, () => dice.pick(words)),
    );
    return setCells(sheet, placeIn(sheet, dice, 2), block);
  },
  (sheet, dice) => insertRow(sheet, dice.between(0, sheet.rows.length)),
  (sheet, dice) => deleteRow(sheet, dice.between(0, sheet.rows.length)),
  (sheet, dice) => insertColumn(sheet, dice.between(0, countColumns(sheet.rows))),
  (sheet, dice) => deleteColumn(sheet, dice.between(0, countColumns(sheet.rows))),
  (sheet, dice) =>
    sortRows(sheet, {
      column: placeIn(sheet, dice).column,
      isDescending: dice.isOneIn(2),
      hasHeading: dice.isOneIn(2),
    }),
];

/** Whether a cell can be emptied without being the only one of the last row, which would vanish. */
function hasRoom({ rows }: Sheet, { row }: { row: number }, value: string): boolean {
  return value !== "" || (rows[row]?.raws.length ?? 0) > 1 || rows[row]?.ending !== "";
}

test(`random edits are read again as they were made (seed ${firstSeed})`, () => {
  for (let run = 0; run < runs; run += 1) {
    const seed = firstSeed + run;
    const dice = new Dice(seed);
    const text = Array.from({ length: dice.between(0, 30) }, () => dice.pick(pieces)).join("");
    let sheet = readSheet(text);
    expect(writeSheet(sheet), `seed ${seed}`).toBe(text);
    for (let step = 0; step < 12; step += 1) {
      sheet = dice.pick(changes)(sheet, dice);
      const written = writeSheet(sheet);
      const expected = sheet.rows.map(valuesOf);
      expect(read(written), `seed ${seed}, step ${step}: ${JSON.stringify(written)}`).toEqual(
        expected,
      );
    }
  }
}, 60_000);

test(`random edits of well-formed sheets are read by Papa Parse alike (seed ${firstSeed})`, () => {
  const newlines = ["\n", "\r\n", "\r"] as const;
  for (let run = 0; run < runs; run += 1) {
    const seed = firstSeed + run;
    const dice = new Dice(seed);
    const newline = dice.pick(newlines);
    const plain = words.filter((word) => !/[\r\n]/.test(word)) as unknown as typeof words;
    const table = Array.from({ length: dice.between(1, 6) }, () =>
      Array.from({ length: dice.between(1, 4) }, () => dice.pick(plain)),
    );
    const text = Papa.unparse(table, { newline, quotes: dice.isOneIn(3) });
    let sheet = readSheet(`a,b,c${newline}${text}`);
    for (let step = 0; step < 8; step += 1) {
      const place = placeIn(sheet, dice, 1);
      sheet = setCell(sheet, place, dice.pick(plain));
      const written = writeSheet(sheet);
      expect(parse(written, newline), `seed ${seed}, step ${step}`).toEqual(
        sheet.rows.map(valuesOf),
      );
    }
  }
}, 60_000);
