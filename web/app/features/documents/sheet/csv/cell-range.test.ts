import { describe, expect, test } from "vitest";
import {
  type CellRange,
  clearRange,
  describeRange,
  fillRange,
  isInRange,
  moveCorner,
  readRange,
} from "./cell-range.ts";
import { readSheet, writeSheet } from "./csv-text.ts";

/** @param ends row and column of the anchor, then of the corner */
const block = (...[row = 0, column = 0, toRow = 0, toColumn = 0]: number[]): CellRange => ({
  anchor: { row, column },
  corner: { row: toRow, column: toColumn },
});

test.each([block(0, 1, 2, 2), block(2, 2, 0, 1), block(0, 2, 2, 1)])(
  "a block holds the cells between its corners, wherever it was begun",
  (range) => {
    const sheet = readSheet('a,b,c\n1,"2, 3"\n');
    expect(readRange(sheet, range)).toEqual([
      ["b", "c"],
      ["2, 3", ""],
      ["", ""],
    ]);
    expect(describeRange(range)).toBe("B1 to C3, 6 cells");
    expect(isInRange(range, { row: 1, column: 1 })).toBe(true);
    expect(isInRange(range, { row: 1, column: 0 })).toBe(false);
    expect(isInRange(range, { row: 3, column: 1 })).toBe(false);
  },
);

test("emptying a block changes the bytes of its cells alone, and adds none", () => {
  const text = '\uFEFF"a" ,b,c\r\n1, 2 ,"3"\r\n"x"\r\n';
  expect(writeSheet(clearRange(readSheet(text), block(0, 1, 5, 9)))).toBe(
    '\uFEFF"a" ,,\r\n1,,""\r\n"x"\r\n',
  );
  const sheet = readSheet("a,b\n");
  expect(clearRange(sheet, block(1, 0, 4, 4))).toBe(sheet);
});

describe("values that are pasted into a block", () => {
  const most = 100;

  test("fill it when its size is a multiple of theirs", () => {
    expect(fillRange([["x"]], block(0, 0, 1, 2), most)).toEqual([
      ["x", "x", "x"],
      ["x", "x", "x"],
    ]);
    expect(fillRange([["a", "b"]], block(2, 3, 0, 0), most)).toEqual([
      ["a", "b", "a", "b"],
      ["a", "b", "a", "b"],
      ["a", "b", "a", "b"],
    ]);
  });

  test("stay as they are when they do not fit evenly", () => {
    const two = [["a"], ["b"]];
    expect(fillRange(two, block(0, 0, 2, 0), most)).toBe(two);
    expect(fillRange(two, block(0, 0, 0, 0), most)).toBe(two);
    const ragged = [["a", "b"], ["c"]];
    expect(fillRange(ragged, block(0, 0, 3, 1), most)).toBe(ragged);
  });

  test("are refused when they would be too long", () => {
    expect(fillRange([["123456789"]], block(0, 0, 9, 0), most)).toHaveLength(10);
    expect(fillRange([["123456789"]], block(0, 0, 10, 0), most)).toBeNull();
  });
});

test.each([
  ["ArrowUp", false, 4, 2],
  ["ArrowDown", false, 6, 2],
  ["ArrowLeft", false, 5, 1],
  ["ArrowRight", false, 5, 3],
  ["ArrowUp", true, 0, 2],
  ["ArrowDown", true, 9, 2],
  ["ArrowLeft", true, 5, 0],
  ["ArrowRight", true, 5, 3],
  ["Home", false, 5, 0],
  ["Home", true, 0, 0],
  ["End", false, 5, 3],
  ["End", true, 9, 3],
  ["PageUp", false, 0, 2],
  ["PageDown", false, 29, 2],
])("%s with Shift (and Control: %s) moves the corner", (key, isFar, row, column) => {
  const bounds = { grid: { row: 29, column: 7 }, sheet: { row: 9, column: 3 }, pageRows: 30 };
  const moved = moveCorner(key, isFar, { row: 5, column: 2 }, bounds);
  expect(moved).toEqual({ row, column });
  expect(moveCorner("x", isFar, { row: 5, column: 2 }, bounds)).toBeNull();
});
