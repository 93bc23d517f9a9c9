import { memo, useRef } from "react";
import { emptyText, headingLevels, healLastBlock, type ParsedText, parseMore } from "./blocks.ts";
import { BlockToken } from "./tokens.tsx";

/**
 * Markdown as React elements. HTML in it is shown as text, so there is nothing to sanitise: only
 * the elements of `tokens.tsx` can appear.
 *
 * @param isStreaming whether the text is still growing
 */
export function Markdown({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const parsed = useRef<ParsedText>(emptyText);
  // A cache, not state: the result is the same with and without it.
  if (isStreaming) parsed.current = parseMore(parsed.current, text);
  else if (parsed.current.text !== text || parsed.current.isPartial) {
    parsed.current = parseMore(emptyText, text);
  }
  const blocks = isStreaming ? healLastBlock(parsed.current.blocks) : parsed.current.blocks;
  const levels = headingLevels(blocks);
  return blocks.map((token, index) => (
    // Blocks are only appended, so the index identifies a block.
    <Block
      key={index}
      token={token}
      headingLevel={levels[index]}
      isOpen={isStreaming && index === blocks.length - 1}
    />
  ));
}

/** A block is rendered again only when its own text has changed. */
const Block = memo(
  BlockToken,
  (before, after) =>
    before.token.raw === after.token.raw &&
    before.token.type === after.token.type &&
    before.headingLevel === after.headingLevel &&
    before.isOpen === after.isOpen,
);
