import { memo, useId, useRef } from "react";
import { emptyText, headingLevels, type ParsedText, parseMore, parseWhole } from "./blocks.ts";
import { BlockNode } from "./nodes.tsx";
import { NoteIds } from "./notes.tsx";
import { PlainText } from "./plain-text.tsx";

export interface MarkdownProps {
  readonly text: string;
  /** Whether the text is still growing. */
  readonly isStreaming: boolean;
  /** How much of the text is rendered; the rest stays plain. All when left out. */
  readonly renderedLength?: number | undefined;
}

/**
 * Markdown as React elements. HTML in it is shown as text, except for a few tags without
 * attributes, so there is nothing to sanitise: only the elements of `nodes.tsx` can appear.
 */
export function Markdown({ text: whole, isStreaming, renderedLength }: MarkdownProps) {
  const text = whole.slice(0, renderedLength);
  const rest = whole.slice(text.length);
  const id = useId();
  const parsed = useRef({ result: emptyText, isStreaming });
  // A cache, not state: the result is the same with and without it.
  parsed.current = { result: parse(parsed.current, text, isStreaming), isStreaming };
  const { blocks, definitionCount } = parsed.current.result;
  const levels = headingLevels(blocks);
  return (
    <NoteIds value={id}>
      {blocks.map(({ node, raw }, index) => (
        // Blocks are only appended, so the index identifies a block.
        <Block
          key={index}
          node={node}
          raw={raw}
          definitionCount={definitionCount}
          headingLevel={levels[index]}
          isOpen={isStreaming && index === blocks.length - 1}
          isTop
        />
      ))}
      {rest !== "" && <PlainText text={rest} />}
    </NoteIds>
  );
}

/** Parses a text as it grows, from its beginnings to the whole. */
export function parseGrowing(texts: readonly string[]): ParsedText {
  return texts.reduce((last, text) => parseMore(last, text), emptyText);
}

interface Parsed {
  readonly result: ParsedText;
  readonly isStreaming: boolean;
}

function parse(last: Parsed, text: string, isStreaming: boolean): ParsedText {
  if (last.isStreaming === isStreaming && last.result.text === text) return last.result;
  return isStreaming ? parseMore(last.result, text) : parseWhole(text);
}

type BlockProps = Parameters<typeof BlockNode>[0] & {
  readonly raw: string;
  readonly definitionCount: number;
};

/** A block is rendered again only when its own text has changed, or what its links mean. */
const Block = memo(
  ({ raw: _raw, definitionCount: _count, ...props }: BlockProps) => <BlockNode {...props} />,
  (before, after) =>
    before.raw === after.raw &&
    before.node.token.type === after.node.token.type &&
    before.definitionCount === after.definitionCount &&
    before.headingLevel === after.headingLevel &&
    before.isOpen === after.isOpen,
);
