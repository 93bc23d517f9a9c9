import "../../messages/markdown/markdown.css";
import type { DocumentKind, DocumentShownOutput } from "api-worker/contracts/documents";
import type { ComponentType } from "react";
import { ShownPicture } from "../../documents/picture/shown-picture.tsx";
import { CodeBlock } from "../../messages/markdown/code/code-block.tsx";
import { LazyMarkdown } from "../../messages/markdown/lazy-markdown.tsx";
import { ReadSheet } from "./read-sheet.tsx";

type Content = Pick<DocumentShownOutput, "content" | "language"> & { readonly title: string };

/** How each kind of document is read, without its editor. */
const views: Readonly<Record<DocumentKind, ComponentType<Content>>> = {
  text: ({ content }) => <LazyMarkdown text={content} isStreaming={false} />,
  code: ({ content, language }) => (
    <CodeBlock code={content} info={language ?? ""} isOpen={false} />
  ),
  sheet: ReadSheet,
  image: ({ content, title }) => <ShownPicture content={content} alt={title} />,
};

const endings = {
  complete: null,
  stopped: "The model was stopped before it had finished this document.",
  interrupted: "The model was interrupted before it had finished this document.",
} as const;

/** A document's content, read-only. */
export function ReadContent({
  kind,
  status,
  ...content
}: DocumentShownOutput & { readonly title: string }) {
  const View = views[kind];
  return (
    <section aria-label="Content" className="mx-auto w-full max-w-3xl px-6 py-6">
      {endings[status] && <p className="mb-4 text-sm text-muted">{endings[status]}</p>}
      <div dir="auto" className="md min-w-0">
        <View {...content} />
      </div>
    </section>
  );
}
