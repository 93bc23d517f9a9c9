import { expect, test } from "vitest";
import { readPanel, withPanel } from "./panel-address.ts";

const panel = { kind: "message", id: "0199d1f0" };

test.each([
  ["", null],
  ["?panel=", null],
  ["?panel=message", null],
  ["?panel=message:", null],
  ["?panel=:0199d1f0", null],
  ["?message=0199d1f0", null],
  ["?panel=message:0199d1f0", panel],
  ["?panel=message%3A0199d1f0", panel],
  ["?message=a&panel=message:0199d1f0", panel],
  ["?panel=document:a:b%20c", { kind: "document", id: "a:b c" }],
])("%o opens %o", (search, opened) => {
  expect(readPanel(search)).toEqual(opened);
});

test.each([
  ["", panel, "?panel=message:0199d1f0"],
  ["?message=a", panel, "?message=a&panel=message:0199d1f0"],
  ["?panel=document:a&message=b", panel, "?panel=message:0199d1f0&message=b"],
  ["?panel=document:a&message=b", null, "?message=b"],
  ["?panel=document:a", null, ""],
])("%o with %o is %o", (search, opened, expected) => {
  expect(withPanel(search, opened)).toBe(expected);
  expect(readPanel(expected)).toEqual(opened);
});
