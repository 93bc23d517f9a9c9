import MarkdownIt from "markdown-it";
import { expect, test } from "vitest";
import type { BranchRow } from "../queries.ts";
import { selfContained } from "../self-contained-markdown.ts";
import { markdownFile } from "./export-markdown.ts";

const head = { title: "A chat" } as Parameters<typeof markdownFile.beginChat>[0];

function row(role: "user" | "assistant", parts: object[], status = "complete"): BranchRow {
  return { role, status, parts: JSON.stringify(parts) } as BranchRow;
}

const textRow = (role: "user" | "assistant", text: string, status?: string) =>
  row(role, [{ type: "text", text }], status);

/** A file with a text as a stopped answer, between other messages. */
function fileWith(text: string): string {
  return [
    markdownFile.beginChat(head, true),
    markdownFile.message(textRow("user", "before")),
    markdownFile.message(textRow("assistant", text, "stopped")),
    markdownFile.message(textRow("user", "after")),
  ].join("");
}

/** The headings of levels 1 and 2 outside quotes and lists, with the paragraph after each. */
function outlineOf(markdown: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {});
  return tokens.flatMap(({ type, tag, level }, index) => {
    if (type !== "heading_open" || (tag !== "h1" && tag !== "h2") || level > 0) return [];
    const [title, , , text] = tokens.slice(index + 1);
    return [`${title?.content}: ${text?.type === "inline" ? text.content : (text?.type ?? "")}`];
  });
}

const openTexts: [string, string, string][] = [
  ["a fence", "```js\nlet a = 1;", "```js\nlet a = 1;\n```"],
  ["a fence without a line", "Code:\n\n```", "Code:\n\n```\n```"],
  ["a longer fence", "`````md\n```js\na\n```", "`````md\n```js\na\n```\n`````"],
  ["a fence of tildes", "~~~\na\n```", "~~~\na\n```\n~~~"],
  ["a fence in a list", "1. Do:\n   ```sh\n   ls", "1. Do:\n   ```sh\n   ls\n   ```"],
  ["a fence that begins a list item", "10. ```\n    a", "10. ```\n    a\n    ```"],
  ["a fence in a quote", "> ```\n> a", "> ```\n> a\n> ```"],
  ["a fence in a list in a quote", "> - a\n>   ~~~~\n>   b", "> - a\n>   ~~~~\n>   b\n>   ~~~~"],
  ["an indented fence", "  ```\n  a", "  ```\n  a\n  ```"],
  ["a fence after a closed one", "```\na\n```\n\n```\nb", "```\na\n```\n\n```\nb\n```"],
  ["a mark that does not close", "```\na\n``` b", "```\na\n``` b\n```"],
  ["a formula", "So:\n\n$$\nx = 1", "So:\n\n$$\nx = 1\n$$"],
  ["a formula over paragraphs", "$$\nx\n\ny", "$$\nx\n\ny\n$$"],
  ["a formula in brackets", "\\[ x = 1", "\\[ x = 1\n\\]"],
  ["a formula in a list", "- So\n\n  $$\n  x", "- So\n\n  $$\n  x\n  $$"],
  ["a comment", "Yes.\n\n<!-- why", "Yes.\n\n<!-- why\n-->"],
  ["a second comment", "<!-- a --> <!-- b", "<!-- a --> <!-- b\n\n<!-- -->"],
  ["a comment in a list", "- a\n\n  <!-- b", "- a\n\n  <!-- b\n  -->"],
  ["an instruction", "<?php echo 1;", "<?php echo 1;\n?>"],
  ["a declaration", "<!DOCTYPE html", "<!DOCTYPE html\n>"],
  ["a section of characters", "<![CDATA[ a\n\nb", "<![CDATA[ a\n\nb\n]]>"],
  ["a script", "<script>\nlet a;\n\nlet b;", "<script>\nlet a;\n\nlet b;\n\n</script>"],
  ["preformatted text", "<pre>\na\n\nb", "<pre>\na\n\nb\n\n</pre>"],
  [
    "details",
    "<details>\n<summary>More</summary>\n\nText",
    "<details>\n<summary>More</summary>\n\nText\n\n</details>",
  ],
  ["tags in a text", "a <b>c <i>d</i>", "a <b>c <i>d</i>\n\n</b>"],
  ["tags in each other", "<div>\n\n<em>a", "<div>\n\n<em>a\n\n</em></div>"],
];

test.each(openTexts)("%s that is left open is closed", (_, text, closed) => {
  expect(selfContained([text])).toBe(closed);
  expect(outlineOf(fileWith(text)).map((line) => line.split(":")[0])).toEqual([
    "A chat",
    "Question",
    "Answer",
    "Question",
  ]);
  expect(outlineOf(fileWith(text)).at(-1)).toBe("Question: after");
});

test.each([
  ["a closed fence", "```js\na\n```"],
  ["a closed fence with a longer end", "~~~\na\n~~~~~"],
  ["an empty fence", "```\n```"],
  ["a fence that its list ends", "- ```\n  a\n\nb"],
  ["a text with amounts", "It costs 5$, then $$, and A is $$$$"],
  ["a closed formula", "$$\nx\n$$\n\n$$y$$ and \\[ z \\]"],
  ["a formula in code", "`$$`\n\n```\n$$\n```\n\n    $$"],
  ["an escaped formula", "\\$$ a"],
  ["tags in code", "`<details>` and ``<b> ` <i>``\n\n```html\n<div>\n```"],
  ["escaped tags", "\\<b> a"],
  ["types", "`a` Map<K, V> and Array<T> and a < b > c"],
  ["an element without an end", "a<br>b <img src=x> <hr/>"],
  ["closed tags", "<details>\n\n<B>a</b>\n\n</details>"],
  ["a tag in a closed comment", "<!-- <b> -->\n\na"],
  ["low headings", "### A\n\n#### B ####\n\n###### C"],
  ["signs that are no headings", "#hash\n\n`# a`\n\n    # b\n\n```\n# c\n```\n\n\\# d"],
  ["indented code at the beginning", "    a\n\nb"],
  ["a rule", "a\n\n---\n\nb"],
  ["a table", "|a|b|\n|-|-|\n|1|2|"],
  ["a deletion of long lines", "a  \nb\\\nc"],
])("%s stays as it is", (_, text) => {
  expect(selfContained([text])).toBe(text);
});

test.each([
  ["## Answer", "### Answer"],
  ["# A\n\n## B\n\n### C", "### A\n\n#### B\n\n##### C"],
  ["# A\n\n##### B\n\n###### C", "### A\n\n###### B\n\n###### C"],
  ["   ## A ##", "   ### A ##"],
  ["Answer\n===", "### Answer"],
  ["Answer\n---\n\ntext", "### Answer\n\ntext"],
  ["A\n=\n\nB\n-", "### A\n\n#### B"],
  ["Two\n  lines\n===", "### Two lines"],
  ["C #\n---", "### C \\#"],
  ["> Answer\n> ---\n> a", "> ### Answer\n> a"],
  ["- # A\n  ## B", "- ### A\n  #### B"],
  ["1. A\n   ===", "1. ### A"],
  ["<h1 id=a>A</h1>\n\n## B", "<h3 id=a>A</h3>\n\n#### B"],
  ["```\n# a\n```\n\n# b", "```\n# a\n```\n\n### b"],
])("the headings of %j are below the file's", (text, lower) => {
  expect(selfContained([text])).toBe(lower);
  expect(outlineOf(fileWith(text))).toHaveLength(4);
});

test("the texts of a message are closed one by one, with the same steps for headings", () => {
  expect(selfContained(["# A\n\n```\na", "", "## B\n\n<b>c"])).toBe(
    "### A\n\n```\na\n```\n\n#### B\n\n<b>c\n\n</b>",
  );
});

test("a question that is only files has their names", () => {
  const files = [
    {
      type: "file",
      url: "/files/1",
      mediaType: "image/png",
      filename: "a_b*c*.png",
      providerMetadata: { alleato: { bytes: 2_621_440, width: 1, height: 1 } },
    },
    { type: "file", url: "/files/2", mediaType: "text/plain", filename: "notes.txt" },
    { type: "data-deleted-file", data: { filename: "old.pdf" } },
    {
      type: "data-foreign-file",
      data: { filename: "x.png", url: "https://a.example/x y>.png", mediaType: null },
    },
    { type: "data-foreign-file", data: { filename: "y.png", url: null } },
  ];
  expect(markdownFile.message(row("user", files))).toBe(
    [
      "\n## Question\n",
      "*(attached: “a_b\\*c\\*.png”, 2.5 MB)*\n",
      "*(attached: “notes.txt”)*\n",
      "*(attached: “old.pdf”, deleted)*\n",
      "*(attached: “x.png”, not stored: <https://a.example/x%20y%3E.png>)*\n",
      "*(attached: “y.png”, not stored)*\n",
    ].join("\n"),
  );
});

test("a part of an older version is named, and its data stays out of the text", () => {
  const part = { type: "data-legacy", data: { type: "holo*gram", json: '{"secret":1}' } };
  expect(markdownFile.message(row("assistant", [part, { type: "text", text: "Yes." }]))).toBe(
    "\n## Answer\n\nYes.\n\n*(from an older version: “holo\\*gram”)*\n",
  );
});

test("a message without a text says so", () => {
  expect(markdownFile.message(row("assistant", []))).toBe("\n## Answer\n\n*(no text)*\n");
  expect(markdownFile.message(row("assistant", [], "failed"))).toBe("\n## Answer\n\n*(failed)*\n");
});

test("a title is shown as it is", () => {
  const titled = (title: string) => markdownFile.beginChat({ ...head, title }, true);
  expect(titled("snake_case and C# in 東京")).toBe("# snake_case and C# in 東京\n");
  expect(titled("*a* `b` [c](d) <e> _f_ &amp; ~g~ #")).toBe(
    "# \\*a\\* \\`b\\` \\[c\\](d) \\<e> \\_f\\_ \\&amp; \\~g\\~ \\#\n",
  );
});

test.each([
  ["code marks", "`".repeat(3) + "` `` ``` ".repeat(40_000)],
  ["tags", "<b>".repeat(100_000)],
  ["ends of tags", "<b>".repeat(50_000) + "</i>".repeat(50_000)],
  ["half tags", "<b a".repeat(80_000)],
  ["titles", "<title></title>".repeat(20_000)],
  ["comments", "<!--".repeat(80_000)],
  ["formulas", "$$\n".repeat(100_000)],
  ["amounts", "x $$ ".repeat(60_000)],
  ["quotes", ">".repeat(100_000)],
  ["headings", "# a\n".repeat(60_000)],
])("a message of %s is exported within two seconds", (_, text) => {
  const start = Date.now();
  expect(markdownFile.message(textRow("assistant", text)).length).toBeGreaterThan(text.length / 2);
  expect(Date.now() - start).toBeLessThan(2_000);
});
