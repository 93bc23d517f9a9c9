import { expect, test } from "vitest";
import { createSections, type Section } from "./lib/sections.ts";

function openThree(): { printed: string[]; sections: [Section, Section, Section] } {
  const printed: string[] = [];
  const open = createSections((text) => printed.push(text));
  return { printed, sections: [open(), open(), open()] };
}

test("the first section is printed as it arrives, later ones whole and in order", () => {
  const { printed, sections } = openThree();
  const [first, second, third] = sections;
  third.write("3a");
  second.write("2a");
  first.write("1a");
  expect(printed).toEqual(["1a"]);
  third.write("3b");
  third.end();
  first.write("1b");
  expect(printed).toEqual(["1a", "1b"]);
  first.end();
  expect(printed).toEqual(["1a", "1b", "2a"]);
  second.write("2b");
  expect(printed).toEqual(["1a", "1b", "2a", "2b"]);
  second.end();
  expect(printed).toEqual(["1a", "1b", "2a", "2b", "3a", "3b"]);
});

test("an empty section blocks nothing once it has ended", () => {
  const { printed, sections } = openThree();
  const [first, second, third] = sections;
  third.write("3");
  second.end();
  expect(printed).toEqual([]);
  first.end();
  expect(printed).toEqual(["3"]);
});
