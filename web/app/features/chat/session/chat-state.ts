import type { MessageListOutput } from "api-worker/contracts";
import type { Asker } from "../../../lib/session-change.ts";
import type { FilePart } from "../../messages/message.ts";
import type { MessagesPort } from "../../messages/stream/messages-port.ts";
import { mergeVersions, noVersions, type Versions } from "../../messages/versions.ts";
import type { UnsentMessage, UnsentMessages } from "../unsent/unsent-messages.ts";

/** Events that a chat sends to the rest of the app. */
export interface ChatEvents {
  /** The worker has accepted a turn; the first one creates the chat. */
  onTurnStarted(chatId: string, streamId: string): void;
  /** The session has stopped reading the answer: it has ended, or this page has lost it. */
  onTurnEnded(chatId: string, end: { streamId: string | null; isLost: boolean }): void;
  onTitle(chatId: string, title: string): void;
  /** The worker has refused a turn because its model is not available, or not any more. */
  onModelRefused?(): void;
  /** A request was refused because the login session has ended elsewhere. */
  onLoggedOut(asker: Asker): void;
}

/** State of a chat that `useChat` does not keep. Each change makes a new object. */
export interface ChatState {
  /** True shortly after the worker has this chat. */
  readonly isSaved: boolean;
  /** Why the last action failed; null after a success. */
  readonly problem: string | null;
  /** Whether the problem is the viewer's daily limit. */
  readonly isDayUsed: boolean;
  /** Whether the problem is the viewer\'s full storage. */
  readonly isStorageFull: boolean;
  /** A message to be put back into the composer. */
  readonly unsent: {
    readonly text: string;
    readonly files: readonly FilePart[];
  } | null;
  /** Messages that an earlier page has sent, and that the worker may not have. */
  readonly notSent: readonly UnsentMessage[];
  readonly isStopping: boolean;
  /** The connection to the answer has been gone for a while; it is being restored. */
  readonly isReconnecting: boolean;
  /** The turn may still be running, but this page cannot read it. */
  readonly isLost: boolean;
  /** Whether the chat was deleted, on any device. */
  readonly isDeleted: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Versions of the shown messages that have more than one. */
  readonly versions: Versions;
}

/** The state of a chat that has just been opened. */
export function initialState(newestPage: MessageListOutput | null): ChatState {
  return {
    isSaved: newestPage !== null,
    problem: null,
    isDayUsed: false,
    isStorageFull: false,
    unsent: null,
    notSent: [],
    isStopping: false,
    isReconnecting: false,
    isLost: false,
    isDeleted: false,
    hasOlder: newestPage?.nextCursor != null,
    isLoadingOlder: false,
    versions: mergeVersions(noVersions, newestPage?.items ?? []),
  };
}

export interface ChatSessionOptions {
  readonly chatId: string;
  /** The newest page; null for a chat that does not exist yet. */
  readonly newestPage: MessageListOutput | null;
  readonly port: MessagesPort;
  readonly events: ChatEvents;
  /** Keeps messages until the worker has them; they are not kept if undefined. */
  readonly unsent?: UnsentMessages;
}
