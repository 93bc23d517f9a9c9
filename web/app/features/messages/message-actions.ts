import type { ModelOutput, ToolApproval } from "api-worker/contracts";
import type { Vote } from "api-worker/contracts/votes";
import { createContext, useContext, useRef, useState } from "react";

/** What a reader can do with a message of a chat of theirs. */
export interface MessageActions {
  /** Opens a question for editing, or closes it. */
  setEdited(messageId: string | null): void;
  /** Sends a question in other words. */
  edit(messageId: string, text: string): void;
  /** Answers again, with the same model when none is named. */
  regenerate(messageId: string, modelId?: string): void;
  selectVersion(messageId: string): void;
  vote(messageId: string, vote: Vote): void;
  approve(approvals: readonly ToolApproval[]): void;
  /** Copies the chat up to this message into a new one, and opens that. */
  fork(messageId: string): void;
}

/** What messages need to know to offer it. */
export interface MessageTools {
  readonly actions: MessageActions;
  readonly models: readonly ModelOutput[];
}

const MessageToolsContext = createContext<MessageTools | null>(null);
export const MessageToolsProvider = MessageToolsContext.Provider;

/** null where messages can only be read. */
export function useMessageTools(): MessageTools | null {
  return useContext(MessageToolsContext);
}

/** The same object for as long as the component lives, so that no message is rendered for it alone. */
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
  }));
  return steady;
}
