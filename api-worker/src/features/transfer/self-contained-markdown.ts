/**
 * Makes a message's Markdown safe to stand in a file between other messages: what it leaves open is
 * closed, and its headings are below the file's own. Everything else stays as it is.
 */
import MarkdownIt, { type Token } from "markdown-it";
import { openMathMark, openTags } from "./open-inlines.ts";

/** The file's own headings have levels 1 (a chat), 2 (a message) and 3 (a document). */
const messageTopLevel = 3;
const lowestLevel = 6;

/** Finds the blocks of a text. What is inside a paragraph is not parsed. */
const parser = new MarkdownIt({ html: true });
parser.core.ruler.enableOnly(["normalize", "block"]);

/** A text as its lines and blocks. */
interface Blocks {
  /** null for a line that is left out. */
  readonly lines: (string | null)[];
  readonly tokens: readonly Token[];
}

/**
 * Joins the texts of a message.
 *
 * @param texts each of which is Markdown of its own
 * @param topLevel the level of their highest headings
 */
export function selfContained(texts: readonly string[], topLevel = messageTopLevel): string {
  const all = texts.map(toBlocks).filter(({ lines }) => lines.length > 0);
  const highest = Math.min(lowestLevel, ...all.flatMap(headingLevels));
  const steps = Math.max(0, topLevel - highest);
  return all.map((blocks) => toText(blocks, steps)).join("\n\n");
}

function toBlocks(text: string): Blocks {
  const normal = text
    .replace(/\r\n?/g, "\n")
    .replace(/^(?:[^\S\n]*\n)+/, "")
    .trimEnd();
  if (normal === "") return { lines: [], tokens: [] };
  return { lines: normal.split("\n"), tokens: parser.parse(`${normal}\n`, {}) };
}

function toText(blocks: Blocks, steps: number): string {
  // Both read the lines as they are parsed.
  const closing = closingLines(blocks);
  lowerHeadings(blocks, steps);
  return [...blocks.lines.filter((line) => line !== null), ...closing].join("\n");
}

const htmlHeading = /(<\/?h)([1-6])(?=[\s/>])/gi;

function headingLevels({ tokens }: Blocks): number[] {
  return tokens.flatMap(({ type, tag, content }) => {
    if (type === "heading_open") return Number(tag.slice(1));
    if (type !== "html_block") return [];
    return [...content.matchAll(htmlHeading)].map(([, , level]) => Number(level));
  });
}

function lowerHeadings({ lines, tokens }: Blocks, steps: number): void {
  if (steps === 0) return;
  const lower = (level: number) => Math.min(lowestLevel, level + steps);
  for (const [index, { type, tag, markup, map }] of tokens.entries()) {
    const [start, end] = map ?? [0, 0];
    if (type === "html_block") {
      for (let at = start; at < end; at += 1) {
        const line = lines[at]?.replace(
          htmlHeading,
          (_, tagStart: string, level: string) => `${tagStart}${lower(Number(level))}`,
        );
        lines[at] = line ?? null;
      }
    }
    if (type !== "heading_open") continue;
    const marks = "#".repeat(lower(Number(tag.slice(1))));
    if (markup.startsWith("#")) {
      lines[start] = lines[start]?.replace(/#{1,6}/, marks) ?? null;
    } else {
      const title = (tokens[index + 1]?.content ?? "").split("\n").map((line) => line.trim());
      const before = lines[start]?.split(title[0] ?? "")[0] ?? "";
      lines[start] = `${before}${marks} ${title.join(" ").replace(/(?<=^|\s)(?=#+$)/, "\\")}`;
      lines.fill(null, start + 1, end);
    }
  }
}

/** The lines that close what a text leaves open. */
function closingLines({ lines, tokens }: Blocks): string[] {
  const closing: string[] = [];
  const last = tokens.findLast(({ map, nesting }) => map !== null && nesting === 0);
  const open = last && (openFence(last) ?? openHtml(last));
  if (open && last.map && last.map[1] >= lines.length) {
    closing.push(prefixOf(lines[last.map[0]] ?? "", open.begin) + open.end);
  } else if (hasOpenComment(tokens)) {
    // As HTML, because a mere end mark would be a paragraph.
    closing.push("", "<!-- -->");
  }
  const math = openMathMark(tokens);
  if (math) closing.push(prefixOf(lines[math.line] ?? "", math.begin) + math.end);
  const tags = openTags(tokens);
  if (tags.length > 0) closing.push("", tags.map((tag) => `</${tag}>`).join(""));
  return closing;
}

/** Whether a comment of HTML begins that no other HTML ends. Markdown may go on after it. */
function hasOpenComment(tokens: readonly Token[]): boolean {
  const html = tokens.flatMap(({ type, content }) => (type === "html_block" ? content : []));
  const all = html.join("\n");
  return all.lastIndexOf("<!--") > all.lastIndexOf("-->");
}

interface Mark {
  readonly begin: string;
  readonly end: string;
}

function openFence({ type, map, markup, content }: Token): Mark | null {
  if (type !== "fence") return null;
  const [start, end] = map ?? [0, 0];
  const contentLines = content.split("\n").length - 1;
  // A closed fence has two lines more than its content.
  const isClosed = contentLines < end - start - 1;
  return isClosed ? null : { begin: markup, end: markup };
}

/** HTML that ends at a mark of its own and not at an empty line. */
const htmlEnds: readonly { begin: RegExp; end: string }[] = [
  { begin: /^<!--/, end: "-->" },
  { begin: /^<\?/, end: "?>" },
  { begin: /^<!\[CDATA\[/, end: "]]>" },
  { begin: /^<![a-z]/i, end: ">" },
];

function openHtml({ type, content }: Token): Mark | null {
  const html = type === "html_block" ? content.trimStart() : "";
  const kind = htmlEnds.find(({ begin }) => begin.test(html));
  return kind && !html.includes(kind.end) ? { begin: "<", end: kind.end } : null;
}

/**
 * What stands before a mark in its line, for another line of the same quote or list item: the marks
 * of quotes, and spaces in place of a list's.
 */
function prefixOf(line: string, mark: string): string {
  return line.slice(0, Math.max(0, line.indexOf(mark))).replace(/[^>\s]/g, " ");
}
