import type { DocumentShownOutput } from "api-worker/contracts/documents";
import { Download } from "lucide-react";
import { saveFile } from "../../../lib/save-file.ts";
import { IconButton } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { kindNames } from "../../../ui/document-kinds.ts";
import { LoadFailure, LoadingLines } from "../../../ui/load-state.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { documentFileName } from "../../documents/document-file.ts";
import { WrittenDocument } from "../../documents/in-chat/written-document.tsx";
import type { ChatMessage } from "../../messages/message.ts";
import type { NamedDocument } from "./document-address.ts";
import { findNamedPart } from "./find-named-part.ts";
import { ReadContent } from "./read-content.tsx";
import { useShownDocument } from "./use-shown-document.ts";

interface SharedDocumentProps {
  readonly chatId: string;
  readonly messages: readonly ChatMessage[];
  readonly named: NamedDocument;
}

/** A document of a shared chat beside it, read-only: while it is written, and as it was written. */
export default function SharedDocument({ chatId, messages, named }: SharedDocumentProps) {
  const part = findNamedPart(messages, named);
  const version = named.version ?? part?.version ?? null;
  const { shown, error, isGone, retry } = useShownDocument(chatId, named.documentId, version);
  const title = part?.title ?? (shown ? kindNames[shown.kind] : "Document");
  if (shown) {
    return (
      <Panel
        title={title}
        actions={shown.kind !== "image" && <TextActions title={title} shown={shown} />}
      >
        <ReadContent {...shown} title={title} />
      </Panel>
    );
  }
  if (part?.text != null) {
    return (
      <Panel
        title={title}
        actions={
          part.isWriting && (
            <span className="flex items-center gap-2 px-2 text-sm text-muted">
              <Spinner className="size-4" /> Writing…
            </span>
          )
        }
      >
        <WrittenDocument kind={part.kind} text={part.text} isWriting={part.isWriting} />
      </Panel>
    );
  }
  const isMissing = isGone || (version === null && part === null);
  return (
    <Panel title={title}>
      {isMissing ? (
        <p className="p-6 text-muted">This document isn’t shared any more.</p>
      ) : error ? (
        <LoadFailure className="p-6" error={error} onRetry={retry} />
      ) : (
        <LoadingLines label="Loading document" widths={[70, 85, 60]} className="p-6" />
      )}
    </Panel>
  );
}

/** Buttons that take the text along. A picture has those of its browser. */
function TextActions({ title, shown }: { title: string; shown: DocumentShownOutput }) {
  const { kind, language, content } = shown;
  const fileName = documentFileName({ title, kind, language });
  return (
    <>
      <CopyButton isLarge text={content} label="Copy" />
      <IconButton
        label="Download"
        onClick={() => saveFile(fileName, [content], "text/plain;charset=utf-8")}
      >
        <Download aria-hidden className="size-[1.125rem]" />
      </IconButton>
    </>
  );
}
