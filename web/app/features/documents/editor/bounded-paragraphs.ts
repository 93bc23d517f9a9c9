import type { markdown } from "@codemirror/lang-markdown";

type MarkdownConfig = NonNullable<Parameters<typeof markdown>[0]>;

/** A paragraph of more characters is coloured as several ones. */
export const paragraphLength = 10_000;

/**
 * Ends long paragraphs early, for their colours only. The parser reads a paragraph in one go, and
 * anew for each key in it: 20,000 lines without an empty one would block the page each time.
 */
export const boundedParagraphs: NonNullable<MarkdownConfig["extensions"]> = {
  parseBlock: [
    {
      name: "BoundedParagraph",
      endLeaf: (_cx, _line, { content }) => content.length >= paragraphLength,
    },
  ],
};
