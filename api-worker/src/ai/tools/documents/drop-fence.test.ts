import { expect, test } from "vitest";
import { dropFence } from "./drop-fence.ts";

/** Passes a text through in pieces of one size. */
async function drop(text: string, size: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }
  let result = "";
  for await (const piece of dropFence(pieces())) result += piece;
  return result;
}

const code = "print(1)\n\nprint('```')\n";

test.each([
  ["```python\nprint(1)\n```", "print(1)\n"],
  ["\n```\nprint(1)\n```\n", "print(1)\n"],
  ["```py\nprint(1)", "print(1)"],
  ["```js\nlet a = `x`;\n\n```  \n", "let a = `x`;\n\n"],
  [code, code],
  ["```` four ticks are code of another kind\n", "```` four ticks are code of another kind\n"],
  ["``", "``"],
  ["", ""],
  ["```\n```", ""],
  [" ".repeat(100), " ".repeat(100)],
  ["a\n```\nb\n```\n", "a\n```\nb\n```\n"],
])("%j becomes %j, in pieces of any size", async (text, expected) => {
  for (const size of [1, 2, 3, 7, 1_000]) expect(await drop(text, size)).toBe(expected);
});

test("a long text of white space takes time in its length alone", async () => {
  const text = `\`\`\`\n${" ".repeat(500_000)}x`;
  expect(await drop(text, 100_000)).toBe(text.slice(4));
});
