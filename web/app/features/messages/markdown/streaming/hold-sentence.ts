import MarkdownIt, { type Token } from "markdown-it";
import type { ParserEnv } from "../syntax/definitions.ts";
import { parser } from "../syntax/parser.ts";
import { openPosition } from "./open-position.ts";

/**
 * Renders the last sentence of a growing text again: what is finished in it as Markdown, and the
 * rest as plain words, because it is not known yet what they will be.
 *
 * @param source what the tokens were parsed from
 */
export function holdSentence(source: string, tokens: readonly Token[], env: ParserEnv): void {
  const inline = lastSentence(tokens);
  if (!inline || /\n[ \t>]*\n[ \t>]*$/.test(source.slice(-200))) return;
  const content = withoutTail(inline.content);
  const end = openPosition(content);
  const children: Token[] = [];
  parser.inline.parse(content.slice(0, end), parser, { ...env, isTail: true }, children);
  dropLastLink(children);
  const rest = plainWords(content.slice(end));
  if (rest !== "") {
    const text = new MarkdownIt.Token("text", "", 0);
    text.content = rest;
    children.push(text);
  }
  inline.children = children;
}

/** The last token of the text, when it is a sentence. A row that is not finished has empty cells. */
function lastSentence(tokens: readonly Token[]): Token | undefined {
  const last = tokens.findLast(
    ({ nesting, type, content }) =>
      nesting >= 0 && type !== "td_open" && !(type === "inline" && content === ""),
  );
  return last?.type === "inline" ? last : undefined;
}

/** Without the characters at the end that mean nothing before the next one. */
function withoutTail(content: string): string {
  return content
    .replace(/&[#a-zA-Z\d]{0,31}$/, "")
    .replace(/[\ud800-\udbff]$/, "")
    .replace(/[*_~`!\\<[]{1,20}$/, "");
}

/** An address at the end may become longer, so it leads nowhere yet. */
function dropLastLink(children: Token[]): void {
  const [open, , close] = children.slice(-3);
  if (close?.type !== "link_close" || open?.info !== "auto") return;
  children.splice(-3, 3, ...children.slice(-2, -1));
}

/** The words of an unfinished piece: the name of a link without its address, code without `. */
function plainWords(rest: string): string {
  if (/^[$\\]/.test(rest)) return rest;
  return rest
    .replace(/\]\([^)]*$/, "")
    .replace(/^(?:!?\[|`+|<\/?[a-z]*)/i, "")
    .replace(/\*+|`+|~~|!?\[/g, "");
}
