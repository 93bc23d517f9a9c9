import { expect, test } from "vitest";
import { readRange } from "../csv/cell-range.ts";
import { readSheet, writeSheet } from "../csv/csv-text.ts";
import { pasteText, writeCells } from "./clipboard-cells.ts";

const most = 1_000;
const at = (row: number, column: number) => ({
  anchor: { row, column },
  corner: { row, column },
});

function copy(values: readonly (readonly string[])[]): Map<string, string> {
  const written = new Map<string, string>();
  const clipboard = { setData: (type: string, data: string) => written.set(type, data) };
  writeCells(clipboard as unknown as DataTransfer, values);
  return written;
}

test("cells are copied as a text with tabs, and as a table", () => {
  const written = copy([
    ["a", "<b> & c"],
    ["two\r\nlines", ""],
  ]);
  expect(written.get("text/plain")).toBe('a\t<b> & c\n"two\r\nlines"\t');
  const lineBreak = '<br style="mso-data-placement:same-cell">';
  expect(written.get("text/html")).toBe(
    `<table><tbody><tr><td>a</td><td>&lt;b&gt; &amp; c</td></tr><tr><td>two${lineBreak}lines</td><td></td></tr></tbody></table>`,
  );
});

test("one cell is copied as its value, and a large block without a table", () => {
  expect([...copy([['say "hi"\nthere']])]).toEqual([["text/plain", 'say "hi"\nthere']]);
  const large = Array.from({ length: 10_001 }, () => ["1", "2", "3", "4", "5"]);
  expect([...copy(large).keys()]).toEqual(["text/plain"]);
});

test("what was copied is pasted as the same values", () => {
  const values = [
    ['"quoted"', "tab\there", "a\nb"],
    ['5" pipe', '"', " blank "],
  ];
  const text = copy(values).get("text/plain") ?? "";
  const sheet = pasteText(readSheet("x,y,z\n"), at(1, 0), text, most);
  const pasted = { anchor: { row: 1, column: 0 }, corner: { row: 2, column: 2 } };
  expect(sheet && readRange(sheet, pasted)).toEqual(values);
});

test("one value fills the chosen cells, and too many are refused", () => {
  const sheet = readSheet("a,b\n1,2\n3,4\n");
  const range = { anchor: { row: 2, column: 1 }, corner: { row: 1, column: 0 } };
  const filled = pasteText(sheet, range, "x", most);
  expect(filled && writeSheet(filled)).toBe("a,b\nx,x\nx,x\n");
  expect(pasteText(sheet, range, "x", 7)).toBeNull();
  const block = pasteText(sheet, range, "p\tq\tr", most);
  expect(block && writeSheet(block)).toBe("a,b\np,q,r\n3,4\n");
});
