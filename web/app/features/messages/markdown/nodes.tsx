import type { Token } from "markdown-it";
import { Fragment, type ReactNode, useState } from "react";
import { depthOf } from "./blocks.ts";
import { CodeBlock } from "./code/code-block.tsx";
import { Link } from "./link.tsx";
import { LazyMath } from "./math/lazy-math.tsx";
import { Note, NoteReference } from "./notes.tsx";
import type { Node } from "./syntax/tree.ts";
import { Table } from "./table/table.tsx";

interface BlockNodeProps {
  readonly node: Node;
  /** h2 to h6; by its depth in the text when left out. */
  readonly headingLevel?: number | undefined;
  /** Whether the end of the block may be still to come. */
  readonly isOpen?: boolean;
  /** Whether it stands in the text itself, and its first letters decide its direction. */
  readonly isTop?: boolean;
}

/** A block of Markdown. */
export function BlockNode({
  node,
  headingLevel,
  isOpen = false,
  isTop,
}: BlockNodeProps): ReactNode {
  const { token } = node;
  const dir = isTop ? "auto" : undefined;
  switch (token.type) {
    case "heading_open": {
      const depth = depthOf(token.tag);
      const Heading = `h${headingLevel ?? Math.min(depth + 1, 6)}` as "h2";
      return (
        <Heading dir={dir} data-depth={depth}>
          {blocks(node.children)}
        </Heading>
      );
    }
    case "paragraph_open":
      // The paragraphs of a list without blank lines
      return token.hidden ? blocks(node.children) : <p dir={dir}>{blocks(node.children)}</p>;
    case "inline":
      return inline(node.children);
    case "fence":
    case "code_block":
      return <CodeBlock code={withoutLastBreak(token.content)} info={token.info} isOpen={isOpen} />;
    case "blockquote_open":
      return <blockquote dir={dir}>{blocks(node.children)}</blockquote>;
    case "bullet_list_open":
      return <ul dir={dir}>{node.children.map(listItem)}</ul>;
    case "ordered_list_open":
      return (
        <ol dir={dir} start={Number(token.attrGet("start") ?? 1)}>
          {node.children.map(listItem)}
        </ol>
      );
    case "table_open":
      return (
        <Table dir={dir} isOpen={isOpen}>
          {node.children.map(tablePart)}
        </Table>
      );
    case "formula":
      return <Formula token={token} />;
    case "hr":
      return <hr />;
    case "details_open":
      return <Details node={node} dir={dir} />;
    case "footnote_reference_open":
      return (
        <Note meta={token.meta} dir={dir}>
          {blocks(node.children)}
        </Note>
      );
    case "reference_definition":
      return token.hidden ? null : <Plain text={token.content} dir={dir} />;
    case "plain":
      return <Plain text={token.content} dir={dir} />;
    default:
      return inlineNode(node);
  }
}

function blocks(nodes: readonly Node[]): ReactNode {
  return nodes.map((node, index) => <BlockNode key={index} node={node} />);
}

function inline(nodes: readonly Node[]): ReactNode {
  return nodes.map((node, index) => <Fragment key={index}>{inlineNode(node)}</Fragment>);
}

function inlineNode(node: Node): ReactNode {
  const { token, children } = node;
  switch (token.type) {
    case "strong_open":
      return <strong>{inline(children)}</strong>;
    case "em_open":
      return <em>{inline(children)}</em>;
    case "s_open":
      return <del>{inline(children)}</del>;
    case "code_inline":
      // Code is read from left to right in any sentence.
      return <code dir="ltr">{token.content}</code>;
    case "softbreak":
    case "hardbreak":
      return <br />;
    case "link_open":
      return (
        <Link href={token.attrGet("href")} title={token.attrGet("title")} label={textOf(children)}>
          {inline(children)}
        </Link>
      );
    case "image":
      // Images from other sites are not loaded, because an address can carry data out of the chat.
      return (
        <Link href={token.attrGet("src")} title={token.attrGet("title")} label={textOf(children)}>
          {children.length > 0 ? inline(children) : "Image"}
        </Link>
      );
    case "formula":
      return <Formula token={token} />;
    case "footnote_ref":
      return <NoteReference meta={token.meta} />;
    case "html_tag": {
      const Tag = token.tag as "sub" | "sup" | "kbd" | "mark";
      return <Tag>{inline(children)}</Tag>;
    }
    default:
      return token.content;
  }
}

function textOf(nodes: readonly Node[]): string {
  return nodes.map(({ token, children }) => token.content + textOf(children)).join("");
}

function Formula({ token }: { token: Token }) {
  return (
    <LazyMath
      tex={token.content}
      source={token.markup}
      isDisplay={token.meta?.isDisplay === true}
    />
  );
}

/** Text with its line breaks. */
function Plain({ text, dir }: { text: string; dir: "auto" | undefined }) {
  return (
    <p dir={dir} className="whitespace-pre-wrap">
      {text}
    </p>
  );
}

function listItem({ token, children }: Node, index: number): ReactNode {
  const isDone = token.meta?.isDone;
  const isTask = typeof isDone === "boolean";
  return (
    <li key={index} data-task={isTask || undefined}>
      {isTask && (
        <input
          type="checkbox"
          checked={isDone}
          readOnly
          disabled
          aria-label={isDone ? "Done" : "To do"}
        />
      )}
      {blocks(children)}
    </li>
  );
}

/** A part that the reader unfolds. It is open from the start while its end has not arrived. */
function Details({ node, dir }: { node: Node; dir: "auto" | undefined }) {
  const [isOpen, setOpen] = useState(node.token.meta?.isOpen === true);
  const [first, ...rest] = node.children;
  const hasSummary = first?.token.type === "summary_open";
  return (
    <details dir={dir} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{hasSummary ? blocks(first.children) : "Details"}</summary>
      {blocks(hasSummary ? rest : node.children)}
    </details>
  );
}

function tablePart({ token, children }: Node, index: number): ReactNode {
  const Part = token.tag as "thead" | "tbody";
  return <Part key={index}>{children.map(tableRow)}</Part>;
}

function tableRow({ children }: Node, index: number): ReactNode {
  return (
    <tr key={index}>
      {children.map((cell, column) => {
        const Cell = cell.token.tag as "th" | "td";
        const align = /text-align:(\w+)/.exec(String(cell.token.attrGet("style") ?? ""))?.[1];
        return (
          <Cell key={column} data-align={align}>
            {blocks(cell.children)}
          </Cell>
        );
      })}
    </tr>
  );
}

function withoutLastBreak(code: string): string {
  return code.endsWith("\n") ? code.slice(0, -1) : code;
}
