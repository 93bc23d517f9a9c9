import MarkdownIt, { type Token } from "markdown-it";
import cjkFriendly from "markdown-it-cjk-friendly";
import { formulas } from "../math/formulas.ts";
import { safeUrl } from "../safe-url.ts";
import { boundedDepth } from "./bounded-depth.ts";
import { definitions, type ParserEnv } from "./definitions.ts";
import { details } from "./details.ts";
import { footnoteNumbers } from "./footnotes.ts";
import { hiddenDelimiters } from "./hidden-delimiters.ts";
import { inlineHtml } from "./inline-html.ts";
import { wideRows } from "./table-rows.ts";
import { tasks } from "./tasks.ts";

/**
 * HTML is off, so a tag or a comment is text like any other; `inlineHtml` and `details` add the few
 * tags that are shown as elements. A line break in the source is one on the screen.
 */
export const parser = new MarkdownIt({ html: false, linkify: true, breaks: true })
  .use(cjkFriendly)
  .use(formulas)
  .use(inlineHtml)
  .use(details)
  .use(footnoteNumbers)
  .use(definitions)
  .use(wideRows)
  .use(tasks)
  .use(hiddenDelimiters)
  .use(boundedDepth);

// A link that cannot be followed stays as it is written, so that its address can be read.
parser.validateLink = (url) => safeUrl(url) !== undefined;

/**
 * Parses a text to the flat tokens of markdown-it.
 *
 * @param isOpen whether the text may go on, so that what is unfinished at its end is not yet known
 * @returns the tokens, and what the text defines for its links and notes
 */
export function parseText(text: string, isOpen: boolean): { tokens: Token[]; env: ParserEnv } {
  const env: ParserEnv = { isOpen };
  return { tokens: parser.parse(text, env), env };
}
