import { describe, expect, it, vi } from "vitest";
import { htmlOf, tableOf, textOf } from "./testing/copied-answers.tsx";

vi.mock("katex/dist/katex.min.css?url", () => ({ default: "/katex.css" }));

describe("the HTML of a copied answer", () => {
  it.each([
    ["# A\n\n### B *c*", "<h1>A</h1><h3>B <em>c</em></h3>"],
    ["a **b** ~~c~~ `d<e`", "<p>a <strong>b</strong> <del>c</del> <code>d&lt;e</code></p>"],
    ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    [
      "- a\n  - b\n    1. c\n- d",
      "<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>",
    ],
    ["- a\n\n  b\n-\n- c", "<ul><li><p>a</p><p>b</p></li><li></li><li><p>c</p></li></ul>"],
    ["- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"],
    ["> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"],
    ["a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
    [
      'x\n\n```ts\nif (a < "b") {\n\treturn;\n\n}\n```',
      "<p>x</p><pre><code>if (a &lt; &quot;b&quot;) {\n\treturn;\n\n}</code></pre>",
    ],
    ["    a\n    \tb", "<pre><code>a\n\tb</code></pre>"],
    [
      "[docs](https://docs.example/?a=1&b=2), <https://b.example>, me@c.example",
      '<p><a href="https://docs.example/?a=1&amp;b=2">docs</a>, <a href="https://b.example/">https://b.example</a>, <a href="mailto:me@c.example">me@c.example</a></p>',
    ],
    // As on the page, an image of another site is a link.
    ["![a cat](https://x.example/a.png)", '<p><a href="https://x.example/a.png">a cat</a></p>'],
    [
      "H<sub>2</sub>O x<sup>3</sup> <kbd>Ctrl</kbd> <mark>m</mark>",
      "<p>H<sub>2</sub>O x<sup>3</sup> <kbd>Ctrl</kbd> <mark>m</mark></p>",
    ],
    [
      "<details>\n<summary>More *of* it</summary>\n\n- a\n\n</details>\n\nb",
      "<p><strong>More <em>of</em> it</strong></p><ul><li>a</li></ul><p>b</p>",
    ],
    [
      "blue[^a] sky[^b]\n\n[^a]: One *x*\n\n    more\n\n[^b]: - two\n\n[^c]: three",
      "<p>blue<sup>1</sup> sky<sup>2</sup></p><p><sup>1</sup> One <em>x</em></p><p>more</p><p>2</p><ul><li>two</li></ul><p><sup>c</sup> three</p>",
    ],
    ["价格**「重点」**，10~20元", "<p>价格<strong>「重点」</strong>，10~20元</p>"],
    [
      "مرحبا `a` b\n\n1. שלום\n2. b\n\nhello שלום\n\n*123 مرحبا*",
      '<p dir="rtl">مرحبا <code>a</code> b</p><ol dir="rtl"><li>שלום</li><li>b</li></ol><p>hello שלום</p><p dir="rtl"><em>123 مرحبا</em></p>',
    ],
  ])("of %j", async (markdown, html) => {
    expect(await htmlOf(markdown)).toBe(html);
  });

  it.each([
    ["so $x^2 < y$ is", "<p>so $x^2 &lt; y$ is</p>"],
    ["so \\(x_1\\) is", "<p>so $x_1$ is</p>"],
    ["$$\na\n= b\n$$\n\n\\[ c \\]", "<p>$$a<br>= b$$</p><p>$$c$$</p>"],
    ["then $$x$$ is", "<p>then $$x$$ is</p>"],
    ["- a $x$\n\n  $$y$$\n- b", "<ul><li><p>a $x$</p><p>$$y$$</p></li><li><p>b</p></li></ul>"],
    ["**a $x$** *$y$*", "<p><strong>a $x$</strong> <em>$y$</em></p>"],
    ["# T $x$", "<h1>T $x$</h1>"],
    [
      "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}",
      "<p>$$\\begin{align}<br>a &amp;= b \\\\<br>c &amp;= d<br>\\end{align}$$</p>",
    ],
    // Not TeX: the page shows the source.
    ["so $\\nosuch{$ is", "<p>so <code>$\\nosuch{$</code> is</p>"],
  ])("has formulas as TeX: %j", async (markdown, html) => {
    expect(await htmlOf(markdown)).toBe(html);
  });
});

describe("the plain text of what is copied", () => {
  it.each([
    ["one\ntwo\n\nthree", "one\ntwo\n\nthree"],
    ["# A\n\nb **c** `d`", "A\n\nb c d"],
    ["- a\n  - b\n    1. c\n    2. d\n- e", "- a\n  - b\n    1. c\n    2. d\n- e"],
    ["9. a\n10. b\n    - c\n\nend", "9. a\n10. b\n    - c\n\nend"],
    ["- a\n\n  b", "- a\nb"],
    ["1. Run:\n\n   ```sh\n   cd a\n   \tls\n   ```", "1. Run:\ncd a\n\tls"],
    ["- [x] a\n- [ ] b", "- ☑ a\n- ☐ b"],
    ["> a\n> b\n>\n> c", "a\nb\n\nc"],
    ["```js\na\n\n\tb  c\n```\n\nd", "a\n\n\tb  c\n\nd"],
    ["so $x^2$ is\n\n$$\na\n= b\n$$\n\nend", "so $x^2$ is\n\n$$a\n= b$$\n\nend"],
    ["[a](https://a.example) H<sub>2</sub>O", "a H2O"],
    ["a\n\n|b|c|\n|-|-|\n|d|$e$|\n\nf", "a\n\nb\tc\nd\t$e$\n\nf"],
    ["مرحبا\nשלום", "مرحبا\nשלום"],
    ["中文，\n日本語", "中文，\n日本語"],
  ])("of %j", async (markdown, text) => {
    expect(await textOf(markdown)).toBe(text);
  });
});

describe("a copied table", () => {
  it("has its columns, empty cells and alignments", async () => {
    const { text, html } = await tableOf("|a|b|c|\n|-|-:|:-:|\n|1||3|\n||||\n|4|5|6|7|");
    expect(text).toBe("a\tb\tc\n1\t\t3\n\t\t\n4\t5\t6\t7");
    expect(html).toContain('<thead><tr><th>a</th><th style="text-align:right">b</th>');
    expect(html).toContain('<tr><td></td><td style="text-align:right"></td>');
    expect(html).toMatch(/<td>7<\/td><\/tr><\/tbody><\/table>$/);
  });

  it("keeps pipes, quotation marks, formulas and marks in cells", async () => {
    const { text, html } = await tableOf(
      '|a|b|\n|-|-|\n|x\\|y|`p\\|q`|\n|"said"|5" x 3"|\n|$z^3$|**b** [l](https://l.example)|',
    );
    expect(text).toBe('a\tb\nx|y\tp|q\n"""said"""\t5" x 3"\n$z^3$\tb l');
    expect(html).toContain("<td><code>p|q</code></td>");
    expect(html).toContain('<td><strong>b</strong> <a href="https://l.example/">l</a></td>');
  });

  it("keeps the lines of a cell in it", async () => {
    const { text, html } = await tableOf("|a|b|\n|-|-|\n|one<br>two|\t3\t4|");
    expect(text).toBe('a\tb\n"one\ntwo"\t3 4');
    expect(html).toContain('<td>one<br style="mso-data-placement:same-cell">two</td>');
  });

  it.each([
    "-5",
    "+3.2 %",
    "-1,000.50 €",
    "-1'000.50",
    "-5 °C",
    "+49 170 1234567",
    "-",
    "--",
    "- 3 kg",
    "a=b",
    "5-3",
    "me@a.example",
  ])("leaves %s as it is", async (cell) => {
    expect((await tableOf(`|a|\n|-|\n|${cell}|`)).text).toBe(`a\n${cell}`);
  });
});
