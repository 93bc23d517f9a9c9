import type { MarkdownIt, StateCore } from "markdown-it";
import footnotes from "markdown-it-footnote";

/** Longer labels are text. */
const labelMax = 200;

/**
 * Adds footnotes. A note stays where it is written, so that one without a reference is shown too,
 * and so that nothing moves while an answer streams. `meta.number` counts notes in the order of
 * their first references; a note without one has none.
 */
export function footnoteNumbers(md: MarkdownIt): void {
  md.use(footnotes);
  // `x^[2]` is a power more often than a note, and would be moved.
  md.inline.ruler.disable("footnote_inline");
  const refer = md.inline.ruler.__rules__.find(({ name }) => name === "footnote_ref")?.fn;
  md.inline.ruler.at("footnote_ref", (state, silent) => {
    // Without a bound each `[^` would be compared with the whole rest of the text.
    if (!state.src.startsWith("[^", state.pos)) return false;
    const end = state.src.slice(state.pos, state.pos + labelMax).indexOf("]");
    return end > 0 && refer?.(state, silent) === true;
  });
  md.core.ruler.at("footnote_tail", numberNotes);
}

function numberNotes({ tokens, env }: StateCore): void {
  const refs = (env.footnotes as { refs?: Record<string, number> } | undefined)?.refs;
  if (!refs) return;
  for (const token of tokens) {
    if (token.type !== "footnote_reference_open") continue;
    const id = refs[`:${String(token.meta?.label)}`] ?? -1;
    token.meta = { ...token.meta, number: id < 0 ? undefined : id + 1 };
  }
}
