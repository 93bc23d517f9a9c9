/** One example of each kind of Markdown that an answer can contain. */
export const markdownSample = `# Markdown sample

Text can be **bold**, *italic*, ~~struck through~~ or \`code\`, and contain a [link](https://developers.cloudflare.com/workers/).

## Table

| Part | Runs on | Capacity |
| :--- | :--- | ---: |
| Live answers | Durable Objects | 1 per chat |
| Messages | D1 | 10 GB |
| Files | R2 | no limit |

## Lists

1. First
   - a nested item
     - and another level
2. Second

- [x] a finished task
- [ ] an open task

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

That's everything.
`;
