import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Markdown } from "./markdown.tsx";
import { hiddenTarget, safeUrl } from "./safe-url.ts";

const render = (text: string, isStreaming = false) =>
  renderToStaticMarkup(<Markdown text={text} isStreaming={isStreaming} />);

/** The text of the page, without tags. */
const textOf = (text: string) =>
  render(text)
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");

describe("a rendered answer", () => {
  it("shows HTML as text", () => {
    for (const html of [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "a <b onclick=alert(1)>b</b> <iframe src='https://x.example'>",
      "<svg/onload=alert(1)>",
      "<kbd onclick=alert(1)>b</kbd> <details ontoggle=alert(1)>",
    ]) {
      expect(render(html)).not.toMatch(/<(script|img|iframe|svg|b|kbd|details)\b/);
    }
    expect(render("a<br>b")).toBe('<p dir="auto">a<br/>b</p>');
  });

  it("shows comments, and the text between them", () => {
    expect(textOf("<!-- hidden -->")).toBe("<!-- hidden -->");
    expect(textOf("<!-- a --> Install it first. <!-- b -->")).toContain("Install it first.");
    expect(textOf("<!--\na\n\nb -->\n\nc")).toMatch(/a[\s\S]*b[\s\S]*c/);
  });

  it("shows the tags that are safe as elements, in pairs", () => {
    expect(render("H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, <mark>*it*</mark>")).toBe(
      '<p dir="auto">H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, <mark><em>it</em></mark></p>',
    );
    for (const text of ["<sub>a", "a</sub>", "<sub>a</sup>", "<b>a</b>", "<sub class=x>a</sub>"]) {
      expect(render(text)).not.toContain("<sub");
      expect(textOf(text)).toBe(text);
    }
    expect(render("*a <sub>b* c</sub>")).not.toContain("<sub");
  });

  it("unfolds details with Markdown inside", () => {
    const html = render(
      "<details>\n<summary>The *rest*</summary>\n\n- a\n- b\n\n</details>\n\nafter",
    );
    expect(html).toBe(
      '<details dir="auto"><summary>The <em>rest</em></summary><ul><li>a</li><li>b</li></ul></details><p dir="auto">after</p>',
    );
    expect(render("<details><summary>a</summary>one</details> two")).toMatch(
      /<p>one<\/p><\/details><p dir="auto">two<\/p>/,
    );
    // Without its end the rest of the answer is in it, so it is open.
    expect(render("<details>\n\nmore")).toContain('open=""');
    expect(render("<details>\n<details>\n\na\n</details>\n</details>\nb")).toMatch(
      /<\/details><\/details><p dir="auto">b<\/p>$/,
    );
  });

  it("links only to addresses that cannot run code", () => {
    const attacks = [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java&#115;cript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      "/logout",
      "//evil.example",
    ];
    for (const href of attacks) {
      expect(render(`[a](<${href}>)`)).not.toContain("href");
      expect(render(`[a]\n\n[a]: <${href}>`)).not.toContain("href");
      expect(render(`![a](<${href}>)`)).not.toContain("href");
    }
    expect(safeUrl("https://example.com/a b")).toBe("https://example.com/a%20b");
    expect(render("[a](https://example.com)")).toBe(
      '<p dir="auto"><a href="https://example.com/" data-host="example.com" target="_blank" rel="noopener noreferrer nofollow">a</a></p>',
    );
  });

  it("shows where a link leads when its text does not", () => {
    expect(hiddenTarget("https://evil.example/", "https://bank.example")).toBe("evil.example");
    expect(hiddenTarget("https://evil.example/", "the docs")).toBe("evil.example");
    expect(hiddenTarget("https://evil.example/", "evil.example is good")).toBe("evil.example");
    expect(hiddenTarget("https://bank.example@evil.example/", "bank.example")).toBe("evil.example");
    expect(hiddenTarget("https://xn--80ak6aa92e.com/", "apple.com")).toBe("xn--80ak6aa92e.com");
    expect(hiddenTarget("https://a.example/x?y", "https://a.example/x?y")).toBeUndefined();
    expect(hiddenTarget("https://a.example/", "a.example")).toBeUndefined();
    expect(hiddenTarget("mailto:me@a.example", "me@a.example")).toBeUndefined();
    expect(hiddenTarget("mailto:me@a.example", "write")).toBe("me@a.example");
  });

  it("keeps the source of a link that leads nowhere", () => {
    expect(textOf("[the page](/logout) and [x](docs/readme.md)")).toBe(
      "[the page](/logout) and [x](docs/readme.md)",
    );
  });

  it("shows an image as a link to it", () => {
    const html = render("![a cat](https://example.com/cat.png)");
    expect(html).toContain('<a href="https://example.com/cat.png"');
    expect(html).toContain("a cat");
    expect(html).not.toContain("<img");
  });

  it("resolves a link that is defined further down once the text is complete", () => {
    expect(render("[a]\n\nmore\n\n[a]: https://example.com")).toContain("href");
  });

  it("shows a definition that nothing uses", () => {
    expect(textOf("[note]: important")).toBe("[note]: important");
    expect(textOf("[a]\n\n[a]: https://x.example\n[a]: https://y.example")).toContain("y.example");
    expect(textOf("[a]: https://x.example\n\n[a]")).not.toContain("x.example");
    expect(textOf("[b]: https://x.example\n\n[a]")).toContain("[b]: https://x.example");
  });

  it("numbers notes, and shows those that nothing refers to", () => {
    const html = render(
      "blue[^why] sky[^b], blue[^why]\n\n[^b]: Two.\n[^why]: Rayleigh\n[^c]: Three.",
    );
    expect([...html.matchAll(/>(\d)<\/a><\/sup>/g)].map(([, number]) => number)).toEqual([
      "1",
      "2",
      "1",
    ]);
    expect(html).toMatch(
      /Back to note 2[\s\S]*Two\.[\s\S]*Back to note 1[\s\S]*Rayleigh[\s\S]*>c<[\s\S]*Three\./,
    );
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    expect(textOf("blue[^1]")).toBe("blue[^1]");
    expect(textOf("x^[2]")).toBe("x^[2]");
  });

  it("decodes character references, except in code", () => {
    expect(render("a &lt; b &amp;&amp; `&lt;`")).toBe(
      '<p dir="auto">a &lt; b &amp;&amp; <code dir="ltr">&amp;lt;</code></p>',
    );
    expect(render("&#65;&#x42;&hellip;&unknown;&#0;")).toContain("AB…&amp;unknown;\ufffd");
  });

  it("puts headings below the page's own, one level at a time", () => {
    const levels = (text: string) =>
      [...render(text).matchAll(/<h(\d)/g)].map(([, level]) => level);
    expect(levels("# A\n## B\n### C\n## D\n# E")).toEqual(["2", "3", "4", "3", "2"]);
    expect(levels("### A\n##### B\n### C\n## D\n### E")).toEqual(["2", "3", "2", "2", "3"]);
  });

  it("renders lists and tables", () => {
    expect(render("3. a\n4. b")).toBe('<ol dir="auto" start="3"><li>a</li><li>b</li></ol>');
    expect(render("- [x] a")).toContain('type="checkbox"');
    expect(render("|a|b|\n|-|-:|\n|1|2|")).toContain('<td data-align="right">2</td>');
  });

  it("keeps cells beyond the head of a table, and words after a language", () => {
    expect(textOf("|a|b|\n|-|-|\n|1|2|three|`f\\|r`|")).toBe("ab12threef|r");
    expect(textOf("```ts title=main.ts\nx\n```")).toContain("ts title=main.ts");
  });

  it("strikes only what is between two tildes", () => {
    expect(render("价格10~20元，时间3~5天")).toBe('<p dir="auto">价格10~20元，时间3~5天</p>');
    expect(render("~a~ ~~b~~")).toBe('<p dir="auto">~a~ <del>b</del></p>');
  });

  it("emphasises beside CJK punctuation", () => {
    for (const [text, bold] of [
      ["**注意：**正文", "注意："],
      ["含**「重点」**内容", "「重点」"],
      ["これは**「強調」**です", "「強調」"],
      ["**주의:**본문", "주의:"],
    ] as const) {
      expect(render(text)).toContain(`<strong>${bold}</strong>`);
    }
  });

  it("ends a bare link before CJK punctuation", () => {
    for (const end of ["，详见下文。", "。", "、", "；", "）", "」", "！"]) {
      expect(render(`https://example.com/guide${end}`)).toContain(
        `href="https://example.com/guide" target`,
      );
    }
    expect(render("README.md and node.js")).not.toContain("<a");
  });

  it("shows formulas with their delimiters until they are typeset", () => {
    expect(textOf("so $x^2$ is\n\n$$\na\n= b\n$$")).toBe("so $x^2$ is$$\na\n= b\n$$");
  });

  it("breaks lines where the source does", () => {
    expect(render("Roses are red,\nviolets are blue")).toBe(
      '<p dir="auto">Roses are red,<br/>violets are blue</p>',
    );
  });

  it("lets each block find its direction, and code stay left to right", () => {
    const html = render("# a\n\nb\n\n- c\n\n1. d\n\n> e\n\n|f|\n|-|\n|g|\n\n`h`\n\n```\ni\n```");
    for (const tag of ["h2", "p", "ul", "ol", "blockquote", "table"]) {
      expect(html).toContain(`<${tag} dir="auto"`);
    }
    expect(html).toContain('<code dir="ltr">h</code>');
    expect(html).toContain('<figure class="md-code" dir="ltr">');
  });
});
