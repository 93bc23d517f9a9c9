import type { DocumentOutput } from "api-worker/contracts/documents";
import { Suspense } from "react";
import { lazyPart } from "../../lib/new-version.ts";
import type { DocumentEditorProps } from "./editor/document-editor.tsx";
import { PlainContent } from "./plain-content.tsx";
import type { SheetEditorProps } from "./sheet/grid/use-sheet.ts";

const DocumentEditor = lazyPart(() => import("./editor/document-editor.tsx"));
const SheetEditor = lazyPart(() => import("./sheet/sheet-editor.tsx"));

interface KindEditorProps extends SheetEditorProps {
  readonly document: DocumentOutput;
  readonly suggestions: DocumentEditorProps["suggestions"];
}

/** The editor of a document's kind. Only the one that is opened is loaded. */
export function KindEditor({ document, suggestions, ...editor }: KindEditorProps) {
  const { kind, language, title } = document;
  return (
    <Suspense fallback={<LoadingContent kind={kind} readContent={editor.readContent} />}>
      {kind === "sheet" ? (
        <SheetEditor {...editor} />
      ) : (
        <DocumentEditor {...editor} {...{ kind, language, title, suggestions }} />
      )}
    </Suspense>
  );
}

interface LoadingContentProps {
  readonly kind: DocumentOutput["kind"];
  readonly readContent: () => string;
}

/** Reads the content only when it is shown: for a long document this takes a while. */
function LoadingContent({ kind, readContent }: LoadingContentProps) {
  return <PlainContent kind={kind} content={readContent()} />;
}
