import { listStored, readStored, writeStored } from "../../../lib/local-storage.ts";
import type { FilePart } from "../../messages/message.ts";

/** A message that the worker may not have yet. */
export interface UnsentMessage {
  /** The message keeps its id, so that the worker recognises it when it is sent again. */
  readonly id: string;
  readonly text: string;
  readonly files: readonly FilePart[];
  readonly modelId?: string | undefined;
  /** When it was sent first: epoch ms. */
  readonly sentAt: number;
}

/** Keeps a chat's messages until the worker has them. */
export interface UnsentMessages {
  list(): UnsentMessage[];
  keep(message: UnsentMessage): void;
  drop(messageId: string): void;
  /** What `UnsettledSend` remembers; null for nothing. */
  readUnsettled(): string | null;
  writeUnsettled(text: string | null): void;
}

const prefix = "unsent:";
const unsettledPrefix = "unsettled:";

/** A chat's unsent messages in this browser, by their own names, so that tabs do not collide. */
export function unsentMessages(chatId: string): UnsentMessages {
  const start = `${prefix}${chatId}:`;
  return {
    list() {
      const messages = listStored(start).flatMap((name) => parse(readStored(name)) ?? []);
      return messages.sort((a, b) => a.sentAt - b.sentAt);
    },
    keep: (message) => writeStored(start + message.id, JSON.stringify(message)),
    drop: (messageId) => writeStored(start + messageId, null),
    readUnsettled: () => readStored(unsettledPrefix + chatId),
    writeUnsettled: (text) => writeStored(unsettledPrefix + chatId, text),
  };
}

/** Whether a chat has messages that the worker may not have. */
export function hasUnsent(chatId: string): boolean {
  return listStored(`${prefix}${chatId}:`).length > 0;
}

/** Whether a stored value is a message; another version of the app may have written it. */
function parse(stored: string | null): UnsentMessage | null {
  try {
    const value: unknown = JSON.parse(stored ?? "null");
    if (typeof value !== "object" || value === null) return null;
    const { id, text, files, modelId, sentAt } = value as Record<string, unknown>;
    const isMessage =
      typeof id === "string" &&
      typeof text === "string" &&
      typeof sentAt === "number" &&
      Array.isArray(files) &&
      files.every(isFilePart);
    if (!isMessage) return null;
    return { id, text, files, sentAt, ...(typeof modelId === "string" && { modelId }) };
  } catch {
    return null;
  }
}

function isFilePart(value: unknown): value is FilePart {
  if (typeof value !== "object" || value === null) return false;
  const { type, url, mediaType, filename } = value as Record<string, unknown>;
  const isName = filename === undefined || typeof filename === "string";
  return type === "file" && typeof url === "string" && typeof mediaType === "string" && isName;
}
