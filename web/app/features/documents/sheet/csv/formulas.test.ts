import { expect, test } from "vitest";
import { countFormulas, defuseFormulas, isFormula } from "./formulas.ts";

test.each([
  "=1+1",
  "+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(A1)",
  " =1",
  "\t=1",
  "\r=1",
  "＝1",
  "-",
  "+A1",
])("%j may be run as a formula", (value) => expect(isFormula(value)).toBe(true));

test.each(["", "a", "1", "-1", "+1.5", "-1,234.50", "-12 %", "-€5", "1-2", "a=b", "-1e-5"])(
  "%j is no formula",
  (value) => expect(isFormula(value)).toBe(false),
);

test("formulas get an apostrophe, and all other cells keep their bytes", () => {
  const text = '\uFEFF"n" ,x\r\n=1+1,-5\r\n"=HYPERLINK(""http://x"",""y"")","b"';
  expect(countFormulas(text)).toBe(2);
  const defused = defuseFormulas(text);
  expect(defused).toBe(`\uFEFF"n" ,x\r\n'=1+1,-5\r\n"'=HYPERLINK(""http://x"",""y"")","b"`);
  expect(countFormulas(defused)).toBe(0);
});
