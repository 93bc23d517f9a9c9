import { describe, expect, it } from "vitest";
import { emptyText, healLastBlock, parseMore } from "./blocks.ts";

const sample = `# Title

A paragraph with **bold**, \`code\` and a [link](https://example.com).
Second line.

1. one
2. two

   more of two
3. three

- a
  - b

| a | b |
|---|---|
| 1 | 2 |

\`\`\`ts
const x = 1;

const y = 2;
\`\`\`

$$
a^2 + b^2
$$

> quoted
lazily

Setext
======

Last, with $x_1$ inside.
`;

describe("a growing text", () => {
  it("parses in steps of any size to the same result as in one", () => {
    for (const step of [1, 2, 3, 7, 40]) {
      let parsed = emptyText;
      for (let end = step; end < sample.length + step; end += step) {
        parsed = parseMore(parsed, sample.slice(0, end));
        const whole = parseMore(emptyText, sample.slice(0, end));
        expect([...parsed.blocks]).toEqual([...whole.blocks]);
      }
    }
  });

  it("reuses settled blocks", () => {
    const before = parseMore(emptyText, "one\n\ntwo\n\nthree\n\nfo");
    const after = parseMore(before, "one\n\ntwo\n\nthree\n\nfour");
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[2]).toBe(before.blocks[2]);
  });

  it("starts over when the text was replaced", () => {
    const parsed = parseMore(parseMore(emptyText, "one\n\ntwo"), "# other");
    expect(parsed.blocks.map((block) => block.type)).toEqual(["heading"]);
  });
});

describe("an unfinished end", () => {
  const heal = (text: string) => healLastBlock(parseMore(emptyText, text).blocks);

  it("closes emphasis, inline code and links", () => {
    expect(heal("so **bol")).toMatchObject([{ tokens: [{ text: "so " }, { type: "strong" }] }]);
    expect(heal("call `fn(")).toMatchObject([
      { tokens: [{ text: "call " }, { type: "codespan" }] },
    ]);
    expect(JSON.stringify(heal("see [the docs](https://exa"))).not.toContain("https");
  });

  it("leaves code and finished text alone", () => {
    const code = parseMore(emptyText, "```ts\nconst a = `b").blocks;
    expect(healLastBlock(code)).toBe(code);
    const done = parseMore(emptyText, "all **done**").blocks;
    expect(healLastBlock(done)).toBe(done);
  });
});

describe("formulas", () => {
  const tokensOf = (text: string) => {
    const [block] = parseMore(emptyText, text).blocks;
    return (block as { tokens?: { type: string; text?: string }[] }).tokens ?? [];
  };

  it("recognises $…$ and \\(…\\) in a sentence, and $$…$$ and \\[…\\] on lines of their own", () => {
    expect(tokensOf("so $x^2$ and \\(y\\)").filter(({ type }) => type === "math")).toMatchObject([
      { text: "x^2" },
      { text: "y" },
    ]);
    for (const text of ["$$\nx\n$$", "\\[ x \\]"]) {
      expect([...parseMore(emptyText, text).blocks]).toMatchObject([{ type: "math", text: "x" }]);
    }
  });

  it("leaves prices alone", () => {
    expect(tokensOf("from $5 to $10 each").some(({ type }) => type === "math")).toBe(false);
  });
});
