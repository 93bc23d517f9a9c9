/** Texts that other chat products showed wrongly, as one answer of the mock of Gemini. */
export const textTable = `价格10~20元，时间3~5天 END1

$$
a
$$.
# Heading of the table
- an item

$$
b
$$

**注意：**正文，含**「重点」**内容 END2

costs 5$, plan B costs 10$ END3

US$5 to about 20 US$ END4

$HOME/bin:$PATH END5

A is $$, B is $$$$ END6

blue[^1] END7

[^1]: Rayleigh

[^2]: Nobody refers to this.

[unused]: https://unused.example

<!-- a --> Install it first. <!-- b -->

https://example.com/guide，详见下文。

The roots are \\[ x = 1 \\] for END8

\\begin{align}
c &= d \\\\
e &= f
\\end{align}

H<sub>2</sub>O x<sup>3</sup> <kbd>Ctrl</kbd> <mark>marked</mark> <b>tag</b>

<details>
<summary>The summary</summary>

Folded words.

</details>

Roses are red,
violets are blue.

*   **Bold item** of a list
*   second item

The line above
- is no heading

مرحبا بالعالم، هذا نص.

1. اول
2. שני

pass **kwargs to it END9

Run \`npm i\` today.

[the docs](https://docs.example/start) END10
`;

/** An answer of many lines, which grows below a reader. */
export const manyLines = Array.from(
  { length: 150 },
  (_, index) => `Line ${index + 1} of the answer, with **bold** words.\n\n`,
).join("");

export const manyThoughts = Array.from(
  { length: 60 },
  (_, index) => `Thought ${index + 1} about it.`,
).join("\n");
