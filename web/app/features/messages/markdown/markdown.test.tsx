import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { decodeReferences } from "./character-references.ts";
import { Markdown } from "./markdown.tsx";
import { safeUrl } from "./safe-url.ts";

const render = (text: string, isStreaming = false) =>
  renderToStaticMarkup(<Markdown text={text} isStreaming={isStreaming} />);

describe("a rendered answer", () => {
  it("shows HTML as text", () => {
    for (const html of [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "a <b onclick=alert(1)>b</b> <iframe src='https://x.example'>",
      "<svg/onload=alert(1)>",
    ]) {
      expect(render(html)).not.toMatch(/<(script|img|iframe|svg|b)\b/);
    }
    expect(render("a<br>b")).toBe("<p>a<br/>b</p>");
    expect(render("<!-- hidden -->")).toBe("");
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
    for (const href of attacks) expect(render(`[a](<${href}>)`)).not.toContain("href");
    expect(safeUrl("https://example.com/a b")).toBe("https://example.com/a%20b");
    expect(render("[a](https://example.com)")).toBe(
      '<p><a href="https://example.com/" target="_blank" rel="noopener noreferrer nofollow">a</a></p>',
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

  it("decodes character references, except in code", () => {
    expect(render("a &lt; b &amp;&amp; `&lt;`")).toBe(
      "<p>a &lt; b &amp;&amp; <code>&amp;lt;</code></p>",
    );
    expect(decodeReferences("&#65;&#x42;&hellip;&unknown;&#0;")).toBe("AB…&unknown;\ufffd");
  });

  it("puts headings below the page's own, one level at a time", () => {
    const levels = (text: string) =>
      [...render(text).matchAll(/<h(\d)/g)].map(([, level]) => level);
    expect(levels("# A\n## B\n### C\n## D\n# E")).toEqual(["2", "3", "4", "3", "2"]);
    expect(levels("### A\n##### B\n### C\n## D\n### E")).toEqual(["2", "3", "2", "2", "3"]);
  });

  it("renders lists and tables", () => {
    expect(render("3. a\n4. b")).toBe('<ol start="3"><li>a</li><li>b</li></ol>');
    expect(render("- [x] a")).toContain('type="checkbox"');
    expect(render("|a|b|\n|-|-:|\n|1|2|")).toContain('<td data-align="right">2</td>');
  });
});
