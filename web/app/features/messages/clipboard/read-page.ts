import { type Copied, type CopiedElement, inParagraphs, wordsOf } from "./copied.ts";
import { readTable } from "./read-table.ts";

/** What is read of the page: a selection, or all of an element, also what is folded in it. */
export interface Scope {
  readonly range?: Range | undefined;
}

/** Controls and labels, which are no words of a message. */
const neverCopied =
  "button, figcaption, script, style, link, template, svg, textarea, select, .sr-only";

const blocks = new Set(["p", "li", "h1", "h2", "h3", "h4", "h5", "h6"]);
const inlines = new Set(["strong", "em", "del", "code", "sub", "sup", "kbd", "mark"]);
const containers = new Set(
  "article aside details dialog div dl dd dt fieldset figure footer form header main nav section".split(
    " ",
  ),
);

/** Reads what is inside an element of the page. */
export function readChildren(element: Element, scope: Scope = {}): Copied[] {
  return [...element.childNodes].flatMap((node) => readNode(node, scope));
}

/** Reads a node of the page: nothing, itself, or what an element without a meaning groups. */
export function readNode(node: Node, scope: Scope = {}): readonly Copied[] {
  if (scope.range?.intersectsNode(node) === false) return [];
  if (node.nodeType === 3) return readText(node as Text, scope);
  if (node.nodeType !== 1) return [];
  const element = node as Element;
  return isLeftOut(element, scope) ? [] : readElement(element, scope);
}

function isLeftOut(element: Element, { range }: Scope): boolean {
  if (element.matches(neverCopied)) return true;
  if (!range) return false;
  if (element.matches(".select-none, details:not([open]) > :not(summary)")) return true;
  if (!containers.has(element.localName) && element.localName !== "p") return false;
  const { display, visibility } = getComputedStyle(element);
  return display === "none" || visibility === "hidden";
}

function readElement(element: Element, scope: Scope): readonly Copied[] {
  const formula = readFormula(element);
  if (formula !== undefined) return hasWordsOf(element, scope) ? [formula] : [];
  const tag = element.localName;
  if (tag === "br" || tag === "hr") return [{ tag, children: [] }];
  if (tag === "input") return readCheckbox(element);
  if (tag === "ol" || tag === "ul") return readList(element, scope);
  if (tag === "table") return readTable(element, scope.range, (cell) => readChildren(cell, scope));
  if (element.classList.contains("md-note")) return readNote(element, scope);

  const children = readChildren(element, scope);
  if (tag === "a") return readLink(element, children);
  if (tag === "pre") return filled({ tag, children: [wordsOf(children)] });
  if (tag === "blockquote") return filled({ tag, children: inParagraphs(children) });
  // A document folds nothing.
  if (tag === "summary") return filled({ tag: "p", children: [{ tag: "strong", children }] });
  if (containers.has(tag)) return inParagraphs(children);
  if (inlines.has(tag)) return children.length > 0 ? [{ tag, children }] : [];
  if (tag === "li" && !scope.range) return [{ tag, children }];
  return blocks.has(tag) ? filled({ tag: depthTag(element) ?? tag, children }) : children;
}

/** An element, unless it is empty: a selection often ends before the first letter of the next. */
function filled(element: CopiedElement): CopiedElement[] {
  return wordsOf(element.children).trim() === "" ? [] : [element];
}

function readText(text: Text, { range }: Scope): string[] {
  const from = text === range?.startContainer ? range.startOffset : 0;
  const to = text === range?.endContainer ? range.endOffset : text.data.length;
  return to > from ? [text.data.slice(from, to)] : [];
}

/**
 * A formula. One that is selected in part is copied whole, because a part of a formula has no TeX
 * source of its own.
 */
function readFormula(element: Element): Copied | undefined {
  const isDisplay = element.classList.contains("katex-display");
  if (!isDisplay && !element.classList.contains("katex")) return undefined;
  const tex = element.querySelector("annotation")?.textContent ?? "";
  if (!isDisplay) return `$${tex}$`;
  const isInSentence = element.closest("p, h1, h2, h3, h4, h5, h6, td, th, summary") !== null;
  return isInSentence ? `$$${tex}$$` : { tag: "p", children: [`$$${tex}$$`] };
}

/** Whether a letter of an element is selected. A selection may only end at its edge. */
function hasWordsOf(element: Element, { range }: Scope): boolean {
  if (!range) return true;
  const part = new Range();
  part.selectNodeContents(element);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) {
    part.setStart(range.startContainer, range.startOffset);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) {
    part.setEnd(range.endContainer, range.endOffset);
  }
  return part.toString() !== "";
}

function readCheckbox(input: Element): string[] {
  if (input.getAttribute("type") !== "checkbox") return [];
  return [input.hasAttribute("checked") ? "☑ " : "☐ "];
}

function readLink(link: Element, children: readonly Copied[]): readonly Copied[] {
  const href = link.getAttribute("href") ?? "";
  const isAbsolute = /^(?:https?:|mailto:)/i.test(href);
  return isAbsolute && children.length > 0 ? [{ tag: "a", href, children }] : children;
}

/** Reads a list. Its first number is that of the first item that is selected. */
function readList(list: Element, scope: Scope): CopiedElement[] {
  const items = [...list.children].map((item) => readNode(item, scope));
  const first = items.findIndex((item) => item.length > 0);
  if (first < 0) return [];
  const tag = list.localName;
  const start = tag === "ol" ? Number(list.getAttribute("start") ?? 1) + first : undefined;
  return [{ tag, start, children: items.flat() }];
}

/** Reads a note, whose number stands beside its paragraphs. */
function readNote(note: Element, scope: Scope): readonly Copied[] {
  const [label, body] = note.children;
  const mark = label ? readNode(label, scope) : [];
  const paragraphs = inParagraphs(body ? readNode(body, scope) : []);
  const [first, ...rest] = paragraphs;
  if (mark.length === 0 || first?.tag !== "p") return [...inParagraphs(mark), ...paragraphs];
  const number = { tag: "sup", children: mark };
  return [{ tag: "p", children: [number, " ", ...first.children] }, ...rest];
}

/** The level that a heading has in its answer; on the page it depends on those around it. */
function depthTag(element: Element): string | undefined {
  const depth = element.getAttribute("data-depth");
  return depth === null ? undefined : `h${depth}`;
}
