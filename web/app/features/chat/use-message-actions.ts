import type { ModelOutput } from "api-worker/contracts";
import type { VoteOutput } from "api-worker/contracts/votes";
import { useMemo, useState } from "react";
import { type MessageTools, useSteadyActions } from "../messages/message-actions.ts";
import { forgetEdit } from "../messages/message-editor.tsx";
import type { ChatSession } from "./chat-session.ts";

interface MessageActionsOptions {
  readonly session: ChatSession;
  readonly models: readonly ModelOutput[];
  /** The model to answer an edited question; the usual one when left out. */
  readonly modelId: string | undefined;
  readonly onVote: (vote: VoteOutput) => void;
  /** Something begins, and what had the focus may be gone. */
  readonly onBegin: () => void;
}

/** What the reader can do with the messages of a chat, and which one is open for editing. */
export function useMessageActions(options: MessageActionsOptions) {
  const { session, models, modelId, onVote, onBegin } = options;
  const [editedId, setEditedId] = useState<string | null>(null);
  const actions = useSteadyActions({
    setEdited: setEditedId,
    edit(messageId, text) {
      const hasBegun = session.edit(messageId, text, modelId);
      if (!hasBegun) return;
      setEditedId(null);
      onBegin();
      void hasBegun.then((isSent) => {
        if (isSent) forgetEdit(messageId);
        else setEditedId(messageId);
      });
    },
    regenerate(messageId, otherId) {
      if (session.regenerate(messageId, otherId)) onBegin();
    },
    selectVersion: (messageId) => void session.selectBranch(messageId),
    vote: (messageId, vote) => onVote({ messageId, vote }),
    approve(approvals) {
      if (session.approve(approvals)) onBegin();
    },
  });
  const tools = useMemo<MessageTools>(() => ({ actions, models }), [actions, models]);
  return { tools, editedId };
}
