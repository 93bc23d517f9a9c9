import type { MarkdownIt, StateInline } from "markdown-it";

/**
 * Hides the asterisks of emphasis that is not closed yet, while the sentence may go on. The words
 * stay plain until the end is there, because they may never be emphasised: `**kwargs`.
 */
export function hiddenDelimiters(md: MarkdownIt): void {
  md.inline.ruler2.before("fragments_join", "hidden_delimiters", (state: StateInline) => {
    if (state.env.isTail !== true) return;
    const lists = [state.delimiters, ...state.tokens_meta.map((meta) => meta?.delimiters ?? [])];
    for (const { open, end, token } of lists.flat()) {
      const text = state.tokens[token];
      if (open && end < 0 && text?.type === "text") text.content = "";
    }
  });
}
