import { isToolUIPart, type UIMessage } from "ai";
import type {
  MessageData,
  MessageMetadata,
  MessageOutput,
  MessageStatus,
  UserPart,
} from "api-worker/contracts";
import { finalFailures } from "api-worker/contracts/failures";

/** A message as `useChat` keeps it: the AI SDK's shape with our metadata and data parts. */
export type ChatMessage = UIMessage<MessageMetadata, MessageData>;

/** A stored message in the shape that `useChat` keeps. */
export function toChatMessage(message: MessageOutput): ChatMessage {
  return {
    id: message.id,
    role: message.role,
    // The parts of a message belong to the AI SDK; the worker stores them as they came.
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
    },
  };
}

/** A file of a message. */
export type FilePart = Extract<ChatMessage["parts"][number], { type: "file" }>;

/** A message of the user, ready to be sent: files first, then what is said of them, if anything is. */
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

/** All text of a message, without reasoning: what copying it gives. */
export function messageText(message: ChatMessage): string {
  return message.parts
    .flatMap((part) => (part.type === "text" && part.text !== "" ? [part.text] : []))
    .join("\n\n");
}

/** The files of a message. */
export function filesOf(message: ChatMessage): FilePart[] {
  return message.parts.filter((part) => part.type === "file");
}

/** The names of those that its owner has deleted. */
export function deletedFileNames(message: ChatMessage): string[] {
  return message.parts.flatMap((part) =>
    part.type === "data-deleted-file" ? [part.data.filename ?? "File"] : [],
  );
}

/** The parts that the worker takes for a message of the user. */
export function toRequestParts(message: ChatMessage): UserPart[] {
  return message.parts.flatMap((part): UserPart[] => {
    if (part.type === "text") return [{ type: "text", text: part.text }];
    if (part.type !== "file") return [];
    const { url, mediaType, filename } = part;
    return [{ type: "file", url, mediaType, ...(filename !== undefined && { filename }) }];
  });
}

/** How a message stands. One that has no status yet has only just begun. */
export function messageStatus(message: ChatMessage): MessageStatus {
  return message.metadata?.status ?? (message.role === "user" ? "complete" : "streaming");
}

/** Whether an answer ended early, and can go on from there. */
export function canContinue(message: ChatMessage): boolean {
  const status = messageStatus(message);
  if (status === "failed") return !finalFailures.has(message.metadata?.errorCode);
  return status === "stopped" || status === "interrupted";
}

/** Whether an answer failed in a way that only another answer can mend. */
export function needsAnother(message: ChatMessage): boolean {
  return messageStatus(message) === "failed" && !canContinue(message);
}

/** True while an answer has nothing to show. */
export function isBlank(message: ChatMessage): boolean {
  return !message.parts.some((part) => {
    if (part.type === "text" || part.type === "reasoning") return part.text !== "";
    return isToolUIPart(part);
  });
}

/**
 * Names the place of a message in its chat: all versions of a message have the same, so that what
 * the reader uses stays when another version comes.
 */
export function placeOf({ id, role, metadata }: ChatMessage): string {
  return metadata?.parentId === undefined ? id : `${role} after ${metadata.parentId}`;
}

/**
 * Lays the newest page over what is shown. The page is the truth for everything from its first
 * message on; what was loaded before that stays.
 */
export function mergeNewestPage(shown: readonly ChatMessage[], page: readonly ChatMessage[]) {
  const first = page[0];
  const overlap = first ? shown.findIndex((message) => message.id === first.id) : -1;
  return { messages: [...shown.slice(0, Math.max(overlap, 0)), ...page], keptOlder: overlap > 0 };
}
