import { escapeHtml } from "../../../lib/escape-html.ts";
import { type Copied, type CopiedElement, isBlock, wordsOf } from "./copied.ts";

/** Scripts that are written from right to left. */
const rightToLeft = /^[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Adlm}]/u;

/** Writes HTML for other programs: elements with a meaning, without classes. */
export function toHtml(nodes: readonly Copied[]): string {
  return nodes.map((node) => (isBlock(node) ? blockHtml(node) : nodeHtml(node, ""))).join("");
}

/** A block of the text itself, which has the direction of its first letter. */
function blockHtml(node: CopiedElement): string {
  const [letter = ""] = /\p{L}/u.exec(wordsOf(node.children)) ?? [];
  const isRightToLeft = node.tag !== "pre" && rightToLeft.test(letter);
  return nodeHtml(node, isRightToLeft ? ' dir="rtl"' : "");
}

function nodeHtml(node: Copied, attributes: string): string {
  if (typeof node === "string") return escapeHtml(node).replaceAll("\n", "<br>");
  const { tag, children } = node;
  if (tag === "br" || tag === "hr") return `<${tag}>`;
  if (tag === "pre") return `<pre><code>${escapeHtml(wordsOf(children))}</code></pre>`;
  const content = children.map((child) => nodeHtml(child, "")).join("");
  const isCell = tag === "td" || tag === "th";
  // Without this a spreadsheet begins a new row at each line of a cell.
  const inner = isCell ? content.replaceAll("<br>", sameCellBreak) : content;
  return `<${tag}${attributes}${ownAttributes(node)}>${inner}</${tag}>`;
}

const sameCellBreak = '<br style="mso-data-placement:same-cell">';

function ownAttributes({ tag, href, start, align, children }: CopiedElement): string {
  if (href !== undefined) return ` href="${escapeHtml(href)}"`;
  if (start !== undefined && start !== 1) return ` start="${start}"`;
  if (align !== undefined) return ` style="text-align:${escapeHtml(align)}"`;
  // As in a question, where each blank is meant.
  const hasBlanks = tag === "p" && / {2}|\n |\t/.test(wordsOf(children));
  return hasBlanks ? ' style="white-space:pre-wrap"' : "";
}
