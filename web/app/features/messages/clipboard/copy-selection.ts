import { type Copied, inParagraphs, isBlock } from "./copied.ts";
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
  const isList = element.matches("ul, ol");
  if (!isList && (!whole || isCell)) return readParts(element, range);
  const nodes = readNode(isList ? element : (whole ?? element), { range });
  return isList ? withoutSingleItem(nodes) : nodes;
}

function readParts(element: Element, range: Range): readonly Copied[] {
  const nodes = readChildren(element, { range });
  return nodes.some(isBlock) ? inParagraphs(nodes) : nodes;
}

/** A triple click on an item selects the beginning of the next one too. */
function withoutSingleItem(nodes: readonly Copied[]): readonly Copied[] {
  const [list] = nodes;
  const item =
    typeof list === "object" && list.children.length === 1 ? list.children[0] : undefined;
  return typeof item === "object" ? item.children : nodes;
}
