import type { MarkdownIt, Token } from "markdown-it";

/** Marks list items that begin with `[ ]` or `[x]`: `meta.isDone`. */
export function tasks(md: MarkdownIt): void {
  md.core.ruler.before("inline", "tasks", ({ tokens }) => {
    tokens.forEach((token, index) => {
      if (token.type === "list_item_open") markTask(token, tokens[index + 2]);
    });
  });
}

function markTask(item: Token, inline: Token | undefined): void {
  const match = inline?.type === "inline" ? /^\[([ xX])\]\s+/.exec(inline.content) : null;
  if (!inline || !match) return;
  item.meta = { isDone: match[1] !== " " };
  inline.content = inline.content.slice(match[0].length);
}
