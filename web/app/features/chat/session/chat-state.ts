import type { MessageListOutput } from "api-worker/contracts";
import type { FilePart } from "../../messages/message.ts";
import type { MessagesPort } from "../../messages/stream/messages-port.ts";
import type { Versions } from "../../messages/versions.ts";

/** What the chat tells the rest of the app. */
export interface ChatEvents {
  /** The worker has taken a message; with the first one, the chat exists from now on. */
  onTurnStarted(chatId: string, streamId: string): void;
  /** The session reads the answer no more: it has ended, or this page has lost it. */
  onTurnEnded(chatId: string, end: { streamId: string | null; isLost: boolean }): void;
  onTitle(chatId: string, title: string): void;
  /** The session has ended elsewhere. */
  onLoggedOut(): void;
}

/** What `useChat` does not know of a chat. A new object whenever something in it changes. */
export interface ChatState {
  /** True once the worker has this chat. */
  readonly isSaved: boolean;
  /** Why the last thing that the reader wanted did not happen; null when it did. */
  readonly problem: string | null;
  /** The problem is that the reader's day is used up. */
  readonly isDayUsed: boolean;
  /** What could not be sent, to be put back into the composer. */
  readonly unsent: { readonly text: string; readonly files: readonly FilePart[] } | null;
  readonly isStopping: boolean;
  /** The connection to the answer has been gone for a while; it comes back by itself. */
  readonly isReconnecting: boolean;
  /** The answer may go on, but this page has lost it. */
  readonly isLost: boolean;
  /** The chat is gone, on whichever device that was done. */
  readonly isDeleted: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Of the shown messages that have more than one. */
  readonly versions: Versions;
}

export interface ChatSessionOptions {
  readonly chatId: string;
  /** The newest page; null for a chat that does not exist yet. */
  readonly newestPage: MessageListOutput | null;
  readonly port: MessagesPort;
  readonly events: ChatEvents;
}
