import { type Copied, inParagraphs, isBlock, isList } from "./copied.ts";
import { readChildren, readNode } from "./read-page.ts";
import { toHtml } from "./to-html.ts";
import { toText } from "./to-text.ts";

/**
 * Copies a selection of messages as it was meant: formulas as TeX, tables for spreadsheets, code as
 * it is, no controls. A selection elsewhere, or in a text field, is left to the browser.
 *
 * @param list the element with the messages
 */
export function copySelection(event: ClipboardEvent, list: Element): void {
  const { clipboardData, target } = event;
  if (!clipboardData || event.defaultPrevented || isTextField(target)) return;
  const ranges = selectedRanges().filter((range) => range.intersectsNode(list));
  const copied = ranges.map(readRange);
  const nodes = copied.length > 1 ? copied.flatMap(inParagraphs) : copied.flat();
  const text = toText(nodes);
  if (text === "") return;
  event.preventDefault();
  clipboardData.setData("text/plain", text);
  clipboardData.setData("text/html", toHtml(nodes));
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, [contenteditable]");
}

function selectedRanges(): Range[] {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return [];
  return Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
}

/** Reads what is selected: whole blocks, or words when the selection is within one block. */
function readRange(range: Range): readonly Copied[] {
  const { commonAncestorContainer: node } = range;
  const element = node instanceof Element ? node : node.parentElement;
  if (!element) return [];
  // These make sense only as a whole.
  const whole = element.closest(".katex-display") ?? element.closest(".katex, pre, table");
  const isCell = whole?.localName === "table" && element.closest("td, th") !== null;
  if (element.matches("ul, ol")) return withoutSingleItem(readNode(element, { range }));
  if (whole && !isCell) return readNode(whole, { range });
  const nodes = readChildren(element, { range });
  return nodes.some(isBlock) ? withoutSingleItem(inParagraphs(nodes)) : nodes;
}

/**
 * What is selected within one item is not a list. A triple click selects the beginning of the next
 * item or block too, so it reaches beyond its item.
 */
function withoutSingleItem(nodes: readonly Copied[]): readonly Copied[] {
  const [list] = nodes;
  if (nodes.length !== 1 || !isList(list)) return nodes;
  const [item] = list.children;
  const isSingle = list.children.length === 1 && typeof item === "object";
  return isSingle ? withoutSingleItem(item.children) : nodes;
}
