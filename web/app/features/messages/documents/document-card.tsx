import { kindIcons, kindNames } from "../../../ui/document-kinds.ts";
import { Spinner } from "../../../ui/spinner.tsx";
import { useMessageTools } from "../message-actions.ts";
import type { DocumentPart } from "./chat-documents.ts";
import { useDocumentReader } from "./document-reader.ts";

interface DocumentCardProps {
  readonly part: DocumentPart;
  /** Whether the answer is being written. */
  readonly isStreaming: boolean;
}

/** A document in an answer. Opens it beside the chat. */
export function DocumentCard({ part: { data }, isStreaming }: DocumentCardProps) {
  const opener = useOpener(data);
  const { kind, title, state } = data;
  const isWriting = state === "writing" && isStreaming;
  const Icon = kindIcons[kind];
  return (
    <button
      type="button"
      disabled={!opener}
      onClick={opener?.open}
      onPointerEnter={opener?.preload}
      onFocus={opener?.preload}
      className="my-1 flex w-full max-w-md items-center gap-3.5 rounded-2xl border border-line bg-surface px-4 py-3 text-start transition-colors enabled:hover:border-line-strong enabled:hover:bg-hover"
    >
      {isWriting ? (
        <Spinner className="size-5 shrink-0" />
      ) : (
        <Icon aria-hidden className="size-5 shrink-0 text-accent" />
      )}
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate font-medium">
          {title}
        </span>
        <span className="block text-sm text-muted">
          {data.language ?? kindNames[kind]} · {noteOf(data, isWriting)}
        </span>
      </span>
    </button>
  );
}

/** How the card opens its document; null when it does not. */
function useOpener({ documentId, version, state, action }: DocumentPart["data"]) {
  const actions = useMessageTools()?.actions;
  const reader = useDocumentReader();
  if (state === "deleted") return null;
  if (actions) {
    const open = () => actions.openDocument(documentId);
    return { open, preload: () => actions.preloadDocument() };
  }
  // Suggestions are their owner's to see.
  if (!reader || action === "suggest") return null;
  return { open: () => reader.open(documentId, version), preload: () => reader.preload() };
}

const done = { create: "Created", update: "Rewritten", edit: "Edited" } as const;
const drawn = { create: "Drawn", update: "Redrawn", edit: "Redrawn" } as const;

function noteOf(data: DocumentPart["data"], isWriting: boolean): string {
  const { state, action, kind } = data;
  if (action === "suggest") return suggestionNote(data, isWriting);
  if (isWriting) return kind === "image" ? "Drawing…" : "Writing…";
  if (state === "stopped") return "Stopped, and kept as a version";
  if (state === "deleted")
    return action === "create"
      ? kind === "image"
        ? "Nothing was drawn"
        : "Nothing was written"
      : "Not changed";
  if (state === "complete") return kind === "image" ? drawn[action] : done[action];
  return "Not finished, and kept as a version";
}

function suggestionNote(
  { state, suggestionCount = 0 }: DocumentPart["data"],
  isWriting: boolean,
): string {
  if (isWriting) return suggestionCount === 0 ? "Reading…" : `${counted(suggestionCount)} so far`;
  if (state !== "complete" || suggestionCount === 0) return "No suggestions";
  return counted(suggestionCount);
}

function counted(count: number): string {
  return count === 1 ? "1 suggestion" : `${count} suggestions`;
}
