import type { MarkedToken, Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { decodeReferences } from "./character-references.ts";
import { CodeBlock } from "./code/code-block.tsx";
import { LazyMath } from "./math/lazy-math.tsx";
import type { MathToken } from "./math/math-syntax.ts";
import { safeUrl } from "./safe-url.ts";

type KnownToken = MarkedToken | MathToken;

interface BlockTokenProps {
  readonly token: Token;
  /** h2 to h6; by its depth in the text when left out. */
  readonly headingLevel?: number | undefined;
  /** Its end may not have arrived yet. */
  readonly isOpen?: boolean;
}

/** A block of markdown. */
export function BlockToken({ token, headingLevel, isOpen = false }: BlockTokenProps): ReactNode {
  const known = token as KnownToken;
  switch (known.type) {
    case "heading": {
      const Heading = `h${headingLevel ?? Math.min(known.depth + 1, 6)}` as "h2";
      return <Heading data-depth={known.depth}>{inline(known.tokens)}</Heading>;
    }
    case "paragraph":
      return <p>{inline(known.tokens)}</p>;
    case "text":
      return known.tokens ? inline(known.tokens) : decodeReferences(known.text);
    case "code":
      return <CodeBlock code={known.text} info={known.lang ?? ""} isOpen={isOpen} />;
    case "blockquote":
      return <blockquote>{blocks(known.tokens)}</blockquote>;
    case "list":
      return <List list={known} />;
    case "table":
      return <Table table={known} />;
    case "math":
      return <LazyMath tex={known.text} isDisplay={known.isDisplay} />;
    case "hr":
      return <hr />;
    case "html":
      return isComment(known.raw) ? null : (
        <p className="whitespace-pre-wrap">{known.raw.trim()}</p>
      );
    case "space":
    case "def":
      return null;
    default:
      return inlineToken(known);
  }
}

function blocks(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, index) => <BlockToken key={index} token={token} />);
}

function inline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => (
    <Fragment key={index}>{inlineToken(token as KnownToken)}</Fragment>
  ));
}

function inlineToken(token: KnownToken): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens ? inline(token.tokens) : decodeReferences(token.text);
    case "escape":
      return token.text;
    case "strong":
      return <strong>{inline(token.tokens)}</strong>;
    case "em":
      return <em>{inline(token.tokens)}</em>;
    case "del":
      return <del>{inline(token.tokens)}</del>;
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link href={token.href} label={inline(token.tokens)} isLiteral={token.autolink} />;
    case "image":
      // Images from other sites are not loaded, because an address can carry data out of the chat.
      return <Link href={token.href} label={token.text || "Image"} isLiteral={false} />;
    case "math":
      return <LazyMath tex={token.text} isDisplay={token.isDisplay} />;
    case "html":
      if (/^<br\s*\/?>$/i.test(token.raw)) return <br />;
      return isComment(token.raw) ? null : token.raw;
    default:
      return token.raw;
  }
}

function Link(props: { href: string; label: ReactNode; isLiteral: boolean | undefined }) {
  const href = safeUrl(props.isLiteral ? props.href : decodeReferences(props.href));
  if (!href) return props.label;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {props.label}
    </a>
  );
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    <li key={index} data-task={item.task || undefined}>
      {item.task && (
        <input
          type="checkbox"
          checked={item.checked ?? false}
          readOnly
          disabled
          aria-label={item.checked ? "Done" : "To do"}
        />
      )}
      {blocks(item.tokens.filter((token) => token.type !== "checkbox"))}
    </li>
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return <ol start={list.start === "" ? 1 : list.start}>{items}</ol>;
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    // A wide table scrolls by itself; with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
    <section className="md-table" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>{table.header.map((cell, index) => tableCell(cell, index))}</tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>{row.map((cell, column) => tableCell(cell, column))}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function tableCell(cell: Tokens.TableCell, column: number): ReactNode {
  const Cell = cell.header ? "th" : "td";
  return (
    <Cell key={column} data-align={cell.align ?? undefined}>
      {inline(cell.tokens)}
    </Cell>
  );
}

function isComment(html: string): boolean {
  return /^\s*<!--[\s\S]*-->\s*$/.test(html);
}
