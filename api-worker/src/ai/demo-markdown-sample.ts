/** Shows one of each kind of Markdown that an answer can hold. */
export const markdownSample = `# Markdown sample

Text can be **bold**, *italic*, ~~struck out~~ or \`code\`, and hold a [link](https://developers.cloudflare.com/workers/).

## Table

| Part | Runs on | Holds |
| :--- | :--- | ---: |
| Live answers | Durable Objects | 1 per chat |
| Messages | D1 | 10 GB |
| Files | R2 | no limit |

## Lists

1. First
   - a point below it
     - and one below that
2. Second

- [x] a task that is done
- [ ] a task that is open

## Code

\`\`\`ts
export function greet(name: string): string {
  return \`Hello, \${name}!\`;
}
\`\`\`

\`\`\`sql
SELECT title, updatedAt
FROM chats
WHERE userId = ?
ORDER BY updatedAt DESC
LIMIT 20;
\`\`\`

## Math

The area of a circle is $$A = \\pi r^2$$. And as a block:

$$
\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}
$$

## Quote

> The best way to have a good idea is to have a lot of ideas.

---

That was everything.
`;
