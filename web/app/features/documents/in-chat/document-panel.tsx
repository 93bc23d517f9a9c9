import { useEffect, useState } from "react";
import { readError } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { LoadFailure, LoadingLines } from "../../../ui/load-state.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { type ChatMessage, messageStatus } from "../../messages/message.ts";
import { type DocumentFrameProps, OpenDocument, type View } from "../open-document.tsx";
import { findChatDocument } from "./chat-documents.ts";
import { WrittenDocument } from "./written-document.tsx";

/** Until the browser's own is known. The server shows no times of a panel. */
const initialReader = { nowMs: 0, timeZone: "UTC" };

interface DocumentPanelProps {
  readonly id: string;
  readonly chat: { readonly messages: readonly ChatMessage[] };
  readonly onMissing: () => void;
}

/** A document beside its chat: as it is being written, and then in its editor. */
export default function DocumentPanel({ id, chat, onMissing }: DocumentPanelProps) {
  const known = findChatDocument(chat.messages, id);
  const isUnsaved = known !== null && known.version === null && known.text !== null;
  // An answer that is being written may be about to show the document, which is not saved yet.
  const isExpected = known === null && isAnswering(chat.messages);
  const saved = trpc.documents.get.useQuery(
    { documentId: id },
    { staleTime: 30_000, refetchOnWindowFocus: "always", enabled: !isUnsaved && !isExpected },
  );
  const { data, refetch } = saved;
  const wanted = known?.version ?? 0;
  const isOutdated = data !== undefined && data.version.version < wanted;
  useEffect(() => {
    if (isOutdated && !isUnsaved) void refetch();
  }, [isOutdated, isUnsaved, refetch]);
  const [view, setView] = useState<View>("edit");

  if (known?.text != null && (isUnsaved || !data)) {
    return (
      <Panel
        title={known.title}
        actions={
          known.isWriting && (
            <span className="flex items-center gap-2 px-2 text-sm text-muted">
              <Spinner className="size-4" /> Writing…
            </span>
          )
        }
      >
        <WrittenDocument kind={known.kind} text={known.text} isWriting={known.isWriting} />
      </Panel>
    );
  }
  if (data) {
    return (
      <OpenDocument
        key={id}
        data={data}
        initialReader={initialReader}
        Frame={PanelFrame}
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

function isAnswering(messages: readonly ChatMessage[]): boolean {
  const last = messages.at(-1);
  return last !== undefined && messageStatus(last) === "streaming";
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

/** The frame of a document in the side slot. */
function PanelFrame({ data, status, actions, children }: DocumentFrameProps) {
  return (
    <Panel title={data.document.title} actions={actions}>
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex min-h-9 shrink-0 items-center gap-3 border-b border-line px-5 text-sm empty:hidden">
          {status}
        </div>
        {children}
      </div>
    </Panel>
  );
}
