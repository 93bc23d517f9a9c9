import { expect, test } from "vitest";
import { type GrowingCode, growCode, noCode } from "./growing-code.ts";
import { colourCode } from "./highlighter.ts";

const sample = `/** Adds
 * two numbers. */
export function add(a: number, b: number): number {
  const text = \`sum of \${a}
    and \${b}\`;
  return a + b; // the "sum"
}
`;

/** Grows code by a number of characters at a time. */
function grow(code: string, step: number, language = "ts", colour = colourCode): GrowingCode {
  let grown = noCode;
  for (let end = step; end < code.length + step; end += step) {
    grown = growCode(grown, code.slice(0, end), language, colour);
  }
  return grown;
}

const tokensOf = ({ finished, rest }: GrowingCode) =>
  [...finished, rest].flatMap(({ tokens }) => tokens);

/** The pieces of code, those of one colour that follow each other joined. */
function colours(grown: GrowingCode): string[][] {
  const joined: string[][] = [];
  for (const { text, className = "" } of tokensOf(grown)) {
    const last = joined.at(-1);
    if (last?.[0] === className) last[1] += text;
    else joined.push([className, text]);
  }
  return joined;
}

test("code that grows has the colours of code that is there at once", () => {
  const whole = colours(growCode(noCode, sample, "ts"));
  expect(whole).toContainEqual(["hljs-keyword", "export"]);
  for (const step of [1, 3, 10, 40]) expect(colours(grow(sample, step))).toEqual(whole);
});

test("no letter is lost, in any language", () => {
  const text = '<?php # a\n\'b\n"""c\n<script>\nlet d = `${e\n</script>\n{ f: [1,\n/* g\n';
  for (const language of ["ts", "php", "python", "xml", "json", "css", "markdown", "yaml", "cpp"]) {
    const tokens = tokensOf(grow(text.repeat(20), 7, language));
    expect(tokens.map((token) => token.text).join("")).toBe(text.repeat(20));
  }
});

test("finished lines are coloured once", () => {
  let coloured = 0;
  const colour: typeof colourCode = (code, language) => {
    coloured += code.length;
    return colourCode(code, language);
  };
  const code = sample.repeat(200);
  expect(code.length).toBeGreaterThan(30_000);
  const before = growCode(noCode, sample.repeat(10), "ts");
  const after = growCode(before, sample.repeat(11), "ts");
  expect(after.finished[0]).toBe(before.finished[0]);
  grow(code, 125, "ts", colour);
  // Each character is coloured when it comes and when its line is finished.
  expect(coloured / code.length).toBeLessThan(4);
});

test("what stays open for long is not coloured again and again", () => {
  let coloured = 0;
  grow(`/*\n${"a line of a comment\n".repeat(1500)}`, 125, "ts", (code, language) => {
    coloured += code.length;
    return colourCode(code, language);
  });
  expect(coloured / 30_000).toBeLessThan(100);
});

test("code that is nested deeply is coloured without recursion", () => {
  const nested = growCode(noCode, "${`".repeat(10_000).padStart(1, "`"), "js");
  expect(
    tokensOf(nested)
      .map(({ text }) => text)
      .join(""),
  ).toHaveLength(30_000);
});
