/** Texts that made this parser or another one do more than its share of work, by their length. */
export const hostileTexts: Readonly<Record<string, (length: number) => string>> = {
  "openers of formulas on lines": repeated("\\[\n"),
  "openers of formulas on lines with text": repeated("\\[ x\n"),
  "openers of formulas in a sentence": repeated("\\( "),
  "dollars in a sentence": repeated("$a "),
  "dollars without blanks": repeated("$a"),
  "pairs of dollars on lines": repeated("$$\n"),
  "pairs of dollars with text on lines": repeated("$$a\nb\n\n"),
  "dollars that are money": repeated("$5 and 6$, "),
  "formulas of one letter": repeated("$x$ "),
  "environments without an end": repeated("\\begin{align}\n"),
  "environments of all names": repeated(
    "\\begin{align}\n\\begin{gather}\n\\begin{cases}\n\\begin{matrix}\n\\begin{array}\n",
  ),
  "environments in a sentence": repeated("\\begin{align} \\begin{cases} "),
  "ends of formulas": repeated("\\] \\) $$ \\end{align} "),
  backslashes: repeated("\\"),
  "nested quotations": repeated("> "),
  "nested quotations without blanks": repeated(">"),
  "nested quotations on lines": repeated(`${">".repeat(50)} a\n`),
  "nested lists on a line": repeated("- "),
  "nested lists": (length) => {
    const depth = Math.floor(Math.sqrt(length));
    return Array.from({ length: depth }, (_, level) => `${"  ".repeat(level)}- a`).join("\n");
  },
  "numbered lists on a line": repeated("1. "),
  "nested quotations and lists": repeated("> - "),
  "emphasis that never closes": repeated("*a_ "),
  "asterisks and words": repeated("*a **a "),
  asterisks: repeated("*"),
  "emphasis that never opens": repeated("a** "),
  "nested emphasis": (length) =>
    `${"*a ".repeat(Math.floor(length / 6))}${"a* ".repeat(Math.floor(length / 6))}`,
  tildes: repeated("~~a "),
  brackets: repeated("["),
  "closed brackets": repeated("[a]"),
  "links without an end": repeated("[a]("),
  "pictures without an end": repeated("![a]("),
  "nested links": (length) => `${"[a](b".repeat(Math.floor(length / 6))}${")".repeat(1000)}`,
  "links with open titles": repeated('[a](https://a.example "'),
  "labels of notes": (length) => `[^a]: b\n\n${repeated("[^")(length)}`,
  "notes in notes": repeated("[^a]: "),
  "references to a note": (length) => `[^a]: b\n\n${repeated("[^a]")(length)}`,
  "definitions of notes": (length) =>
    Array.from({ length: Math.floor(length / 12) }, (_, index) => `[^${index}]: a\n`).join("\n"),
  "definitions of links": (length) =>
    Array.from({ length: Math.floor(length / 24) }, (_, index) => `[${index}]: https://a.b`).join(
      "\n",
    ),
  "one definition many times": repeated("[a]: https://a.example\n"),
  "open code": (length) => {
    const runs = Math.floor(Math.sqrt(length * 2));
    return Array.from({ length: runs }, (_, index) => "`".repeat(index)).join(" ");
  },
  backticks: repeated("`a "),
  "open fences": repeated("```\n\n> "),
  "tags without an end": repeated("<sub>"),
  "tags crosswise": repeated("<sub><kbd></sub></kbd>"),
  "ends of tags": repeated("</sub>"),
  "open angle brackets": repeated("<a"),
  "open comments": repeated("<!-- "),
  "details without an end": repeated("<details>\n"),
  "details on a line": repeated("<details>"),
  "details with an end": repeated("<details>\n\n</details>\n"),
  "ends of details": repeated("</details>\n"),
  "details and summaries": repeated("<details><summary>a\n"),
  "a table of empty rows": (length) => `|a|b|\n|-|-|\n${repeated("|\n")(length)}`,
  "a wide table": (length) => {
    const width = Math.floor(length / 40);
    return `${"|a".repeat(width)}\n${"|-".repeat(width)}\n${"|\n".repeat(width)}`;
  },
  "a long row": (length) => `|a|b|\n|-|-|\n${repeated("|a")(length)}`,
  "escaped bars": (length) => `|a|b|\n|-|-|\n${repeated("\\|")(length)}`,
  "heads of tables": repeated("|a|\n"),
  "character references": repeated("&amp;&#1;&"),
  "addresses of links": repeated("https://a.example/("),
  "addresses without a host": repeated("https://"),
  mails: repeated("a@b."),
  "angles of addresses": repeated("<https://a"),
  "lines of blanks": repeated("                \n"),
  "a line of blanks": repeated(" "),
  tabs: repeated("\t\ta\n"),
  "hard breaks": repeated("a  \n"),
  "rules and headings": repeated("a\n-\n"),
  hashes: repeated("#"),
  "one word": repeated("a"),
  "CJK and asterisks": repeated("**「a"),
  "empty lines": repeated("\n"),
  "long formulas": repeated(`$$${"x^2+".repeat(1200)}$$\n\n`),
  "matrices without end": repeated(`$$\\begin{matrix}${"&".repeat(4900)}\\end{matrix}$$\n\n`),
  "macros of TeX": repeated("$\\def\\a{\\a\\a}\\a$ "),
  "nested braces of TeX": repeated(`$$${"{".repeat(2400)}${"}".repeat(2400)}$$\n\n`),
  "code of brackets": repeated(`\`\`\`js\n${"a(".repeat(900)}\n\`\`\`\n`),
  "long code of brackets": (length) => `\`\`\`js\n${repeated("a(")(length)}\n\`\`\``,
  "nested code": (length) => `\`\`\`js\n${repeated("${`")(length)}\n\`\`\``,
  "code of many languages": repeated(
    `\`\`\`cpp\n${"a(".repeat(900)}\n\`\`\`\n\`\`\`yaml\n${"- ".repeat(900)}\n\`\`\`\n`,
  ),
};

function repeated(piece: string): (length: number) => string {
  return (length) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}
