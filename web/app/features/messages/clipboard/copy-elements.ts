import { inParagraphs } from "./copied.ts";
import { readChildren, readNode } from "./read-page.ts";
import { toHtml } from "./to-html.ts";
import { toText } from "./to-text.ts";

/**
 * HTML of elements of the page for other programs, with what is folded in them and the numbers of
 * notes.
 */
export function elementsHtml(elements: Iterable<Element>): string {
  return toHtml([...elements].flatMap((element) => inParagraphs(readChildren(element))));
}

/** A table of the page for a spreadsheet: rows on lines, cells between tabs. */
export function tableText(table: Element): string {
  return toText(readNode(table));
}

/** A table of the page as HTML. */
export function tableHtml(table: Element): string {
  return toHtml(readNode(table));
}
