import type { MarkdownIt, StateInline } from "markdown-it";

/** The tags that an answer may use within a sentence. None has attributes. */
const tagPattern = /^<(?:(\/?)(sub|sup|kbd|mark)|br\s{0,2}\/?)>/i;
const tagMaxLength = 10;

/**
 * Adds `<sub>`, `<sup>`, `<kbd>`, `<mark>` and `<br>`. Every other tag is text. The tree of nodes
 * pairs the tags, because one without its partner is text too.
 */
export function inlineHtml(md: MarkdownIt): void {
  md.inline.ruler.before("autolink", "inline_html", tagRule);
}

function tagRule(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== "<") return false;
  const match = tagPattern.exec(state.src.slice(state.pos, state.pos + tagMaxLength));
  if (!match) return false;
  if (!silent) {
    const [source, slash, name] = match;
    const token = state.push(name ? "html_tag" : "hardbreak", name?.toLowerCase() ?? "br", 0);
    token.content = source;
    token.meta = { isEnd: slash === "/" };
  }
  state.pos += match[0].length;
  return true;
}
