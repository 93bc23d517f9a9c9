import { describe, expect, it } from "vitest";
import { emptyText, type ParsedText, parseMore, parseWhole } from "./blocks.ts";
import type { Node } from "./syntax/tree.ts";

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

/** The nodes as an outline: types and text. */
function outline(nodes: readonly Node[]): unknown[] {
  return nodes.map(({ token, children }) => [
    token.type,
    token.type === "inline" ? "" : token.content,
    ...outline(children),
  ]);
}

const outlineOf = ({ blocks }: ParsedText) => outline(blocks.map(({ node }) => node));
const typesOf = ({ blocks }: ParsedText) => blocks.map(({ node }) => node.token.type);

describe("a growing text", () => {
  it("parses in steps of any size to the same result as in one", () => {
    for (const step of [1, 2, 3, 7, 40]) {
      let parsed = emptyText;
      for (let end = step; end < sample.length + step; end += step) {
        parsed = parseMore(parsed, sample.slice(0, end));
        const whole = parseMore(emptyText, sample.slice(0, end));
        expect(outlineOf(parsed)).toEqual(outlineOf(whole));
      }
    }
  });

  it("reuses settled blocks", () => {
    const before = parseMore(emptyText, "one\n\ntwo\n\nthree\n\nfo");
    const after = parseMore(before, "one\n\ntwo\n\nthree\n\nfour");
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[1]).toBe(before.blocks[1]);
  });

  it("starts over when the text was replaced", () => {
    const parsed = parseMore(parseMore(emptyText, "one\n\ntwo"), "# other");
    expect(typesOf(parsed)).toEqual(["heading_open"]);
  });

  it("resolves links and notes above as soon as they are defined", () => {
    const before = parseMore(emptyText, "[a] and x[^1]\n\none\n\ntwo\n\nthree\n\n[^1]: no");
    const text = "[a] and x[^1]\n\none\n\ntwo\n\nthree\n\n[^1]: note\n\n[a]: https://example.com\n";
    const after = parseMore(before, text);
    const shown = JSON.stringify(outlineOf(after)[0]);
    expect(shown).toContain("link_open");
    expect(shown).toContain("footnote_ref");
  });
});

describe("an unfinished end", () => {
  const growing = (text: string) => parseMore(emptyText, text);
  const shown = (text: string) => JSON.stringify(outlineOf(growing(text)));

  it("shows the words of emphasis, inline code and links without their markup", () => {
    for (const [text, words, markup] of [
      ["so **bol", "bol", "**"],
      ["so ***bol", "bol", "*"],
      ["call `fn(", "fn(", "`"],
      ["see [the docs](https://exa", "the docs", "https"],
      ["see ![a cat](https://exa", "a cat", "https"],
    ] as const) {
      expect(shown(text)).toContain(words);
      expect(shown(text)).not.toContain(markup);
      expect(shown(text)).not.toMatch(/strong|em_open|code|link|image/);
    }
  });

  it("shows what is finished in a sentence", () => {
    expect(shown("so **bold** and `code` and")).toMatch(/strong_open.*code_inline/);
    expect(shown("see [docs](https://example.com) and")).toContain("link_open");
  });

  it("takes nothing back that a later piece would make something else", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["*   **", "*   **bold** text"],
      ["text\n- ", "text\n- item"],
      ["text\n  -", "text\n  - item"],
      ["- a\n  - ", "- a\n  - b"],
      ["text\n=", "text\n=5 is"],
      ["#", "#hashtag"],
      ["1.", "1.5 litres"],
      ["text\n+", "text\n+1"],
      ["```", "```code``` inline"],
      ["**a*", "**a** b"],
      ["*a `b* ", "*a `b* c` d"],
      ["*a [b* ", "*a [b* c](https://example.com) d"],
      ["*a $b* ", "*a $b* c$ d"],
      ["$$\na\n=", "$$\na\n= b\n$$"],
      ["[a]: https://e", "[a]: https://example.com is a site"],
      ["a | b\n-", "a | b\n- item"],
      ["pass **kwargs to", "pass **kwargs to it"],
    ];
    for (const [begin, whole] of cases) {
      const finished = new Set(
        JSON.stringify(outlineOf(parseWhole(whole))).match(/\w+_open|\w*code\w*|hr\b/g),
      );
      const early = shown(begin).match(/\w+_open|\w*code\w*|hr\b/g) ?? [];
      expect({
        begin,
        extra: early.filter((type) => !finished.has(type) && type !== "paragraph_open"),
      }).toEqual({ begin, extra: [] });
    }
  });

  it("lets a last line wait while it may become another block", () => {
    for (const line of ["-", "*   **", "---", "===", "1.", "#", "```ts", "|", "> ", "- [x]"]) {
      expect(outlineOf(growing(`text\n${line}`)), line).toEqual(outlineOf(growing("text\n")));
    }
  });

  it("leaves code and finished text alone", () => {
    expect(shown("```ts\nconst a = `b")).toContain("const a = `b");
    expect(outlineOf(growing("all **done**\n\n"))).toEqual(
      outlineOf(parseWhole("all **done**\n\n")),
    );
  });
});

describe("formulas", () => {
  const formulas = (text: string) =>
    JSON.stringify(outlineOf(parseWhole(text)))
      .match(/\["formula","(?:[^"\\]|\\.)*"/g)
      ?.map((match) => JSON.parse(`${match}]`)[1]) ?? [];

  it("recognises $…$ and \\(…\\) in a sentence, and $$…$$ and \\[…\\] on lines of their own", () => {
    expect(formulas("so $x^2$ and \\(y\\)")).toEqual(["x^2", "y"]);
    for (const text of ["$$\nx\n$$", "\\[ x \\]"]) {
      expect(typesOf(parseWhole(text))).toEqual(["formula"]);
      expect(formulas(text)).toEqual(["x"]);
    }
  });

  it("recognises them within a sentence, in lists and quotations, and beside CJK", () => {
    expect(formulas("The roots are \\[ x = 1 \\] for")).toEqual(["x = 1"]);
    expect(formulas("then $$x$$ is")).toEqual(["x"]);
    expect(formulas("- a\n  $$\n  x\n  $$\n> $$\n> y\n> $$")).toEqual(["x", "y"]);
    expect(formulas("设$x$为，则$y$。")).toEqual(["x", "y"]);
    expect(formulas("$a$, $b$; ($c$) $2x$ $3 \\text{ red apples}$")).toHaveLength(5);
    expect(formulas("text\n\\[\na \\\\[2pt]\n- b\n\\]\nmore")).toEqual(["a \\\\[2pt]\n- b"]);
  });

  it("recognises environments without dollars", () => {
    const text = "\\begin{align}\na &= b \\\\\n- c &= d\n\\end{align}";
    expect(formulas(text)).toEqual([text]);
    expect(formulas(`so \\begin{cases} a \\end{cases} it`)).toHaveLength(1);
    expect(formulas("\\begin{document}\na\n\\end{document}")).toEqual([]);
  });

  it("leaves escaped brackets of an index alone", () => {
    expect(formulas("use array\\[0\\] and x2\\[i\\] here")).toEqual([]);
    expect(formulas("公式\\[x\\]如下, so:\\[y\\]")).toEqual(["x", "y"]);
  });

  it("ends a formula before the text that follows it", () => {
    const text = "$$\na\n$$.\n# Title\n- item\n\n$$\nb\n$$";
    expect(typesOf(parseWhole(text))).toEqual([
      "paragraph_open",
      "heading_open",
      "bullet_list_open",
      "formula",
    ]);
    expect(formulas(text)).toEqual(["a", "b"]);
    expect(formulas("$$\na\n\nb\n\n$$")).toEqual([]);
    expect(formulas("$$\n\na\n\n$$")).toEqual(["a"]);
  });

  it.each([
    "from $5 to $10 each",
    "costs 5$, plan B costs 10$",
    "US$5 to about 20 US$",
    "A$5, NT$100 and 30 HK$",
    "$HOME/bin:$PATH",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of shell
    "echo $HOME; cp ${A}/${B} $1 $2",
    "$(pwd)/$(ls)",
    "A is $$, B is $$$$",
    "my PID is $$ and the parent's is $$",
    "pay $5 (or 5$) a month",
    "$5，约合36元$",
    "set $x to `$y` and go",
    "$ 5 and $ 6 $",
    "\\$5 and 5\\$",
    "$1,000.50, or 20% of $5,000.",
    "$\n5$",
  ])("leaves %s alone", (text) => {
    expect(formulas(text)).toEqual([]);
  });

  it("leaves a formula of any greater length as text", () => {
    expect(formulas(`$${"x".repeat(1999)}$`)).toHaveLength(1);
    expect(formulas(`$${"x".repeat(2001)}$`)).toEqual([]);
    expect(formulas(`$$\n${"x\n".repeat(6000)}$$`)).toEqual([]);
    expect(formulas(`\\(${"x".repeat(2001)}\\)`)).toEqual([]);
  });
});
