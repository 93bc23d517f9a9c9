import type { DocumentOutput } from "api-worker/contracts/documents";
import { lazy, Suspense } from "react";
import type { DocumentEditorProps } from "./editor/document-editor.tsx";
import { PlainContent } from "./plain-content.tsx";
import type { SheetEditorProps } from "./sheet/grid/use-sheet.ts";

const DocumentEditor = lazy(() => import("./editor/document-editor.tsx"));
const SheetEditor = lazy(() => import("./sheet/sheet-editor.tsx"));

interface KindEditorProps extends SheetEditorProps {
  readonly document: DocumentOutput;
  readonly suggestions: DocumentEditorProps["suggestions"];
}

/** The editor of a document's kind. Only the one that is opened is loaded. */
export function KindEditor({ document, suggestions, ...editor }: KindEditorProps) {
  const { kind, language, title } = document;
  return (
    <Suspense fallback={<PlainContent kind={kind} content={editor.readContent()} />}>
      {kind === "sheet" ? (
        <SheetEditor {...editor} />
      ) : (
        <DocumentEditor {...editor} {...{ kind, language, title, suggestions }} />
      )}
    </Suspense>
  );
}
