import { useEffect, useRef, useState } from "react";
import { readError } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { LoadFailure, LoadingLines } from "../../../ui/load-state.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { findChatDocument } from "../../messages/documents/chat-documents.ts";
import type { ChatMessage } from "../../messages/message.ts";
import { type DocumentFrameProps, OpenDocument, type View } from "../open-document.tsx";
import { fixLabel, fixRequest } from "../run/fix-request.ts";
import { DocumentToolbar } from "../toolbar/document-toolbar.tsx";
import { type AskedChat, useDocumentAsks } from "../toolbar/use-document-asks.ts";
import { WrittenDocument } from "./written-document.tsx";

/** Until the browser's own is known. The server shows no times of a panel. */
const initialReader = { nowMs: 0, timeZone: "UTC" };

/** How long to wait before asking again for a version that is being saved, and how often to ask. */
const askAgainMs = 1_000;
const savedTries = 20;

interface DocumentPanelProps {
  readonly id: string;
  readonly chat: AskedChat & { readonly messages: readonly ChatMessage[] };
  readonly onMissing: () => void;
}

/** A document beside its chat: as it is being written, and then in its editor. */
export default function DocumentPanel({ id, chat, onMissing }: DocumentPanelProps) {
  const known = findChatDocument(chat.messages, id);
  const isUnsaved = known !== null && known.version === null && known.text !== null;
  // An answer that is being written may be about to show the document, which is not saved yet.
  const isExpected = known === null && chat.isUnderWay;
  const wanted = known?.version ?? 0;
  const saved = trpc.documents.get.useQuery(
    { documentId: id },
    {
      ...{ staleTime: 30_000, refetchOnWindowFocus: "always" },
      enabled: !isUnsaved && !isExpected,
      // The end of an answer that was stopped takes a moment to save the document.
      refetchInterval: ({ state }) =>
        (state.data?.version.version ?? 0) < wanted && state.fetchFailureCount < savedTries
          ? askAgainMs
          : false,
    },
  );
  const { data, refetch } = saved;
  const isOutdated = data !== undefined && data.version.version < wanted;
  useEffect(() => {
    if (isOutdated && !isUnsaved) void refetch();
  }, [isOutdated, isUnsaved, refetch]);
  const asks = useDocumentAsks(chat);
  const pressedRef = useRef<string | null>(null);
  const toolbarProps = { asks, pressedRef };
  const [view, setView] = useState<View>("edit");

  if (known?.text != null && (isUnsaved || !data || data.version.version < wanted)) {
    return (
      <DocumentFrame
        title={known.title}
        status={
          <p className="flex items-center gap-2 text-sm text-muted">
            {known.isWriting ? (
              <>
                <Spinner className="size-3.5" /> {known.kind === "image" ? "Drawing…" : "Writing…"}
              </>
            ) : (
              "Saving…"
            )}
          </p>
        }
        toolbar={<DocumentToolbar kind={known.kind} onAsk={asks.tellBlocked} {...toolbarProps} />}
      >
        <WrittenDocument kind={known.kind} text={known.text} isWriting={known.isWriting} />
      </DocumentFrame>
    );
  }
  if (data) {
    return (
      <OpenDocument
        key={id}
        data={data}
        initialReader={initialReader}
        Frame={PanelFrame}
        toolbar={({ kind, title }, saver) => (
          <DocumentToolbar
            kind={kind}
            onAsk={(label, action) => asks.ask({ label, action, title, saver })}
            {...toolbarProps}
          />
        )}
        onFix={({ title }, saver, error) => {
          const action = { label: fixLabel, ask: (name: string) => fixRequest(name, error) };
          asks.ask({ label: fixLabel, action, title, saver });
        }}
        view={view}
        onShow={setView}
        onDeleted={onMissing}
      />
    );
  }
  return (
    <Panel title={known?.title ?? "Document"}>
      {saved.isError ? <Failure error={saved.error} onRetry={() => void refetch()} /> : <Loading />}
    </Panel>
  );
}

function Loading() {
  return <LoadingLines label="Loading document" widths={[70, 85, 60]} className="p-6" />;
}

function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { errorCode } = readError(error);
  if (errorCode === "NOT_FOUND" || errorCode === "INVALID") {
    return <p className="p-6 text-muted">This document doesn’t exist any more.</p>;
  }
  return <LoadFailure className="p-6" error={error} onRetry={onRetry} />;
}

function PanelFrame({ data, ...parts }: DocumentFrameProps) {
  return <DocumentFrame title={data.document.title} {...parts} />;
}

interface FrameProps extends Omit<DocumentFrameProps, "data"> {
  readonly title: string;
}

/** The frame of a document in the side slot. Its parts stay where they are while it is written. */
function DocumentFrame({ title, status, actions, toolbar, children }: FrameProps) {
  return (
    <Panel title={title} actions={actions}>
      <div className="@container flex h-full min-h-0 flex-col">
        <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 border-b border-line px-5 py-1">
          {toolbar}
          <div className="flex min-w-0 flex-1 items-center justify-end @max-lg:min-h-6 @max-lg:w-full @max-lg:flex-none @max-lg:justify-start">
            {status}
          </div>
        </div>
        {children}
      </div>
    </Panel>
  );
}
