import type { ModelOutput, ToolApproval } from "api-worker/contracts";
import type { Vote } from "api-worker/contracts/votes";
import { createContext, useContext, useRef, useState } from "react";

/** Actions on the messages of the viewer's own chat. */
export interface MessageActions {
  /** Opens a question for editing; null closes it. */
  setEdited(messageId: string | null): void;
  /** Sends a new version of a question. */
  edit(messageId: string, text: string): void;
  /**
   * Answers again, with the same model if none is given. With the id of the last question, answers
   * it.
   */
  regenerate(messageId: string, modelId?: string): void;
  selectVersion(messageId: string): void;
  vote(messageId: string, vote: Vote): void;
  approve(approvals: readonly ToolApproval[]): void;
  /** Copies the chat up to this message into a new chat, and opens it. */
  fork(messageId: string): void;
  /** Opens the details of an answer. */
  showDetails(messageId: string): void;
  /** Loads the code of the details in advance. */
  preloadDetails(): void;
  /** Opens a document beside the chat. */
  openDocument(documentId: string): void;
  /** Loads the code of documents in advance. */
  preloadDocument(): void;
}

/** The actions and the data that messages need to offer them. */
export interface MessageTools {
  readonly actions: MessageActions;
  readonly models: readonly ModelOutput[];
}

const MessageToolsContext = createContext<MessageTools | null>(null);
export const MessageToolsProvider = MessageToolsContext.Provider;

/** The actions of the surrounding chat; null when the chat is read-only. */
export function useMessageTools(): MessageTools | null {
  return useContext(MessageToolsContext);
}

/**
 * Wraps the actions in an object that never changes, so that messages are not rendered again for it
 * alone.
 */
export function useSteadyActions(actions: MessageActions): MessageActions {
  const latest = useRef(actions);
  latest.current = actions;
  const [steady] = useState<MessageActions>(() => ({
    setEdited: (messageId) => latest.current.setEdited(messageId),
    edit: (messageId, text) => latest.current.edit(messageId, text),
    regenerate: (messageId, modelId) => latest.current.regenerate(messageId, modelId),
    selectVersion: (messageId) => latest.current.selectVersion(messageId),
    vote: (messageId, vote) => latest.current.vote(messageId, vote),
    approve: (approvals) => latest.current.approve(approvals),
    fork: (messageId) => latest.current.fork(messageId),
    showDetails: (messageId) => latest.current.showDetails(messageId),
    preloadDetails: () => latest.current.preloadDetails(),
    openDocument: (documentId) => latest.current.openDocument(documentId),
    preloadDocument: () => latest.current.preloadDocument(),
  }));
  return steady;
}
