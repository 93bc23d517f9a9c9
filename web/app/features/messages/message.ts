import type { UIMessage } from "ai";
import type {
  MessageData,
  MessageMetadata,
  MessageOutput,
  MessageStatus,
  UserPart,
} from "api-worker/contracts";
import { finalFailures } from "api-worker/contracts/failures";
import { uploadIdOf } from "api-worker/contracts/uploads";

/** A message as `useChat` keeps it: the AI SDK's shape with our metadata and data parts. */
export type ChatMessage = UIMessage<MessageMetadata, MessageData>;

/** Converts a stored message to the shape that `useChat` keeps. */
export function toChatMessage(message: MessageOutput): ChatMessage {
  return {
    id: message.id,
    role: message.role,
    // The worker stores parts exactly as the AI SDK made them.
    parts: message.parts as ChatMessage["parts"],
    metadata: {
      status: message.status,
      streamId: message.streamId,
      parentId: message.parentId,
      modelId: message.modelId,
      errorCode: message.errorCode,
      inputTokens: message.inputTokens,
      outputTokens: message.outputTokens,
      createdAt: message.createdAt,
      finishedAt: message.finishedAt,
    },
  };
}

/** A file of a message. */
export type FilePart = Extract<ChatMessage["parts"][number], { type: "file" }>;

/** Makes a user message to send: files first, then the text, if any. */
export function userMessage(
  id: string,
  text: string,
  parentId: string | undefined,
  files: readonly FilePart[] = [],
): ChatMessage {
  return {
    id,
    role: "user",
    parts: text === "" ? [...files] : [...files, { type: "text", text }],
    metadata: { status: "complete", parentId: parentId ?? null, createdAt: Date.now() },
  };
}

/** All text of a message, without reasoning; used for copying. */
export function messageText(message: ChatMessage): string {
  return message.parts
    .flatMap((part) => (part.type === "text" && part.text !== "" ? [part.text] : []))
    .join("\n\n");
}

/** The files of a message that are stored with it. */
export function filesOf(message: ChatMessage): FilePart[] {
  return message.parts.filter((part) => part.type === "file" && !isRemote(part));
}

/** Names of the message's files that their owner has deleted. */
export function deletedFileNames(message: ChatMessage): string[] {
  return message.parts.flatMap((part) =>
    part.type === "data-deleted-file" ? [part.data.filename ?? "File"] : [],
  );
}

/** A file of an imported message that is not stored here. */
export type ForeignFile = MessageData["foreign-file"];

/** The message's files that are links to other sites, or were not imported. */
export function foreignFiles(message: ChatMessage): ForeignFile[] {
  return message.parts.flatMap((part): ForeignFile[] => {
    if (part.type === "data-foreign-file") return [part.data];
    return isRemote(part) ? [{ filename: part.filename ?? "File", url: part.url }] : [];
  });
}

/** Whether a part is a file on another site, from an early import. */
function isRemote(part: ChatMessage["parts"][number]): part is FilePart {
  return part.type === "file" && /^https?:/i.test(part.url);
}

/** Converts a user message to the parts that the worker accepts: its text and its uploads. */
export function toRequestParts(message: ChatMessage): UserPart[] {
  return message.parts.flatMap((part): UserPart[] => {
    if (part.type === "text") return [{ type: "text", text: part.text }];
    if (part.type !== "file" || uploadIdOf(part.url) === null) return [];
    const { url, mediaType, filename } = part;
    return [{ type: "file", url, mediaType, ...(filename !== undefined && { filename }) }];
  });
}

/** A message's status. One without a status has only just begun. */
export function messageStatus(message: ChatMessage): MessageStatus {
  return message.metadata?.status ?? (message.role === "user" ? "complete" : "streaming");
}

/** How often an answer was interrupted and went on by itself. */
export function restartsOf(message: ChatMessage): number {
  const count = message.parts.find((part) => part.type === "data-restart")?.data?.count;
  return typeof count === "number" ? count : 0;
}

/** Whether an answer ended early and can be continued. */
export function canContinue(message: ChatMessage): boolean {
  const status = messageStatus(message);
  if (status === "failed") return !finalFailures.has(message.metadata?.errorCode);
  return status === "stopped" || status === "interrupted";
}

/** Whether an answer failed for good, so that only regenerating helps. */
export function needsAnother(message: ChatMessage): boolean {
  return messageStatus(message) === "failed" && !canContinue(message);
}

/**
 * A React key for a message's position in its chat. All versions of a message have the same key, so
 * that a control in use stays mounted when another version appears.
 */
export function placeOf({ id, role, metadata }: ChatMessage): string {
  return metadata?.parentId === undefined ? id : `${role} after ${metadata.parentId}`;
}

/**
 * Merges the newest page into the shown messages. The page replaces everything from its first
 * message on; older messages stay.
 */
export function mergeNewestPage(shown: readonly ChatMessage[], page: readonly ChatMessage[]) {
  const first = page[0];
  const overlap = first ? shown.findIndex((message) => message.id === first.id) : -1;
  return { messages: [...shown.slice(0, Math.max(overlap, 0)), ...page], keptOlder: overlap > 0 };
}
