import {
  type Copied,
  type CopiedElement,
  type CopiedList,
  isBlock,
  isList,
  wordsOf,
} from "./copied.ts";

/** Writes plain text: lists with their signs, tables with tabs, code as it is. */
export function toText(nodes: readonly Copied[]): string {
  return joinBlocks(nodes, "\n\n", "");
}

function joinBlocks(nodes: readonly Copied[], separator: string, indent: string): string {
  const parts: string[] = [];
  let line = "";
  for (const node of nodes) {
    if (!isBlock(node)) {
      line += inlineText(node);
      continue;
    }
    parts.push(line, blockText(node, indent));
    line = "";
  }
  return [...parts, line].filter((part) => part !== "").join(separator);
}

function inlineText(node: Copied): string {
  if (typeof node === "string") return node;
  return node.tag === "br" ? "\n" : node.children.map(inlineText).join("");
}

function blockText(block: CopiedElement, indent: string): string {
  const { tag, children } = block;
  if (isList(block)) return listText(block, indent);
  if (tag === "table") return tableText(block);
  if (tag === "pre") return wordsOf(children);
  return joinBlocks(children, "\n\n", indent);
}

/** Lists within a list are indented; other blocks are not, so that code can be pasted. */
function listText({ children, start = 1, tag }: CopiedList, indent: string): string {
  const lines = children.map((item, index) => {
    const sign = tag === "ol" ? `${start + index}.` : "-";
    const content = typeof item === "string" ? [item] : item.children;
    const text = joinBlocks(content, "\n", `${indent}${" ".repeat(sign.length + 1)}`);
    const [first] = content;
    // A selection may begin in a list within an item.
    return `${indent}${sign}${isList(first) ? "\n" : " "}${text}`;
  });
  return lines.join("\n");
}

function tableText({ children }: CopiedElement): string {
  const rows = children.flatMap((part) => (typeof part === "string" ? [] : part.children));
  return rows.map((row) => rowText(row)).join("\n");
}

function rowText(row: Copied): string {
  return typeof row === "string" ? row : row.children.map(cellText).join("\t");
}

/** A cell as spreadsheets write it: in quotation marks when it has lines. */
function cellText(cell: Copied): string {
  const text = inlineText(cell).trim().replaceAll("\t", " ");
  return /\n|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
