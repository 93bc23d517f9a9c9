/**
 * What is copied of a page: the words and their structure, without anything that only the page
 * needs. Formulas are TeX with its dollars.
 */
export type Copied = string | CopiedElement;

export interface CopiedElement {
  readonly tag: string;
  readonly children: readonly Copied[];
  /** The address of a link. */
  readonly href?: string | undefined;
  /** The number of a list's first item. */
  readonly start?: number | undefined;
  /** The side that a column's cells are aligned to. */
  readonly align?: string | undefined;
}

export interface CopiedList extends CopiedElement {
  readonly tag: "ul" | "ol";
}

const blockTags = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol blockquote pre table thead tbody tr hr".split(" "),
);

export function isBlock(copied: Copied): copied is CopiedElement {
  return typeof copied !== "string" && blockTags.has(copied.tag);
}

/** Whether something copied is a list, numbered or not. */
export function isList(copied: Copied | undefined): copied is CopiedList {
  return typeof copied === "object" && (copied.tag === "ul" || copied.tag === "ol");
}

/** Puts what stands between blocks into paragraphs of its own. */
export function inParagraphs(nodes: readonly Copied[]): CopiedElement[] {
  const blocks: CopiedElement[] = [];
  let loose: Copied[] = [];
  const close = () => {
    if (wordsOf(loose).trim() !== "") blocks.push({ tag: "p", children: loose });
    loose = [];
  };
  for (const node of nodes) {
    if (!isBlock(node)) {
      loose.push(node);
      continue;
    }
    close();
    blocks.push(node);
  }
  close();
  return blocks;
}

/** All text, without any structure. */
export function wordsOf(nodes: readonly Copied[]): string {
  return nodes.map((node) => (typeof node === "string" ? node : wordsOf(node.children))).join("");
}
