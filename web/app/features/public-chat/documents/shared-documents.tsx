import { type ReactNode, useMemo, useRef } from "react";
import { lazyPart } from "../../../lib/new-version.ts";
import { ChatLayout, preloadSideSlot } from "../../chat/layout/chat-layout.tsx";
import type { OpenPanel } from "../../chat/layout/open-panel.ts";
import { usePanel } from "../../chat/panels/use-panel.ts";
import {
  type DocumentReader,
  DocumentReaderProvider,
} from "../../messages/documents/document-reader.ts";
import type { ChatMessage } from "../../messages/message.ts";
import { addressOf, type NamedDocument, readAddress } from "./document-address.ts";

const loadView = () => import("./shared-document.tsx");
const SharedDocument = lazyPart(loadView);

interface SharedDocumentsProps {
  readonly chatId: string;
  readonly messages: readonly ChatMessage[];
  readonly children: ReactNode;
}

/** A shared chat beside the document that its reader has opened. */
export function SharedDocuments({ chatId, messages, children }: SharedDocumentsProps) {
  const { shown, open, close, openerRef } = usePanel(false);
  const opening = useRef(open);
  opening.current = open;
  const reader = useMemo<DocumentReader>(
    () => ({
      open: (documentId, version) =>
        opening.current("document", addressOf({ documentId, version })),
      preload() {
        preloadSideSlot();
        // If this fails, opening the document tries again.
        loadView().catch(() => {});
      },
    }),
    [],
  );
  const named = shown?.kind === "document" ? readAddress(shown.id) : null;
  function panelOf(document: NamedDocument): OpenPanel {
    const key = `document:${addressOf(document)}`;
    const content = (
      <SharedDocument key={key} chatId={chatId} messages={messages} named={document} />
    );
    return { key, content, openerRef, onClose: close };
  }
  return (
    <DocumentReaderProvider value={reader}>
      <ChatLayout panel={named && panelOf(named)}>{children}</ChatLayout>
    </DocumentReaderProvider>
  );
}
