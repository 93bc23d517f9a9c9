import type { ModelOutput } from "api-worker/contracts";
import type { VoteOutput } from "api-worker/contracts/votes";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { v7 as uuidv7 } from "uuid";
import { trpc } from "../../../lib/trpc.ts";
import { forgetEdit } from "../../messages/content/message-editor.tsx";
import { type MessageTools, useSteadyActions } from "../../messages/message-actions.ts";
import { problemNote } from "../../storage/storage-full-note.tsx";
import { preloadSideSlot } from "../layout/chat-layout.tsx";
import { type PanelKindName, panelKinds } from "../panels/panel-kinds.ts";
import type { ChatSession } from "../session/chat-session.ts";

interface MessageActionsOptions {
  readonly session: ChatSession;
  readonly models: readonly ModelOutput[];
  /** The model for an edited or unanswered question; the default if undefined. */
  readonly modelId: string | undefined;
  readonly onVote: (vote: VoteOutput) => void;
  /** Called with the reason when an action fails, and with null when one starts. */
  readonly onProblem: (problem: ReactNode) => void;
  /** Opens a panel beside the chat. */
  readonly onOpenPanel: (kind: PanelKindName, id: string) => void;
  /** Called when an answer starts. The focused element may then be gone. */
  readonly onBegin: () => void;
}

/** Actions on the messages of a chat, and the message that is open for editing. */
export function useMessageActions(options: MessageActionsOptions) {
  const { session, models, modelId, onVote, onProblem, onOpenPanel, onBegin } = options;
  const fork = useFork(session.chat.id, onProblem);
  const [editedId, setEditedId] = useState<string | null>(null);
  const actions = useSteadyActions({
    setEdited: setEditedId,
    edit(messageId, text) {
      const hasBegun = session.start({ kind: "edit", messageId, text, modelId });
      if (!hasBegun) return;
      setEditedId(null);
      onBegin();
      void hasBegun.then((isSent) => {
        if (isSent) forgetEdit(messageId);
        else setEditedId(messageId);
      });
    },
    regenerate(messageId, otherId) {
      const last = session.chat.messages.at(-1);
      // A question that has no answer is answered like a new one.
      const ownId = last?.id === messageId && last.role === "user" ? modelId : undefined;
      const wanted = { kind: "regenerate", messageId, modelId: otherId ?? ownId } as const;
      if (session.start(wanted)) onBegin();
    },
    selectVersion: (messageId) => void session.selectBranch(messageId),
    vote: (messageId, vote) => onVote({ messageId, vote }),
    approve(approvals) {
      if (session.start({ kind: "approve", approvals })) onBegin();
    },
    fork,
    showDetails: (messageId) => onOpenPanel("message", messageId),
    preloadDetails: () => preload("message"),
    openDocument: (documentId) => onOpenPanel("document", documentId),
    preloadDocument: () => preload("document"),
  });
  const tools = useMemo<MessageTools>(() => ({ actions, models }), [actions, models]);
  return { tools, editedId };
}

function preload(kind: PanelKindName): void {
  preloadSideSlot();
  panelKinds[kind].preload();
}

/** Copies a chat up to a message and opens the copy, one copy at a time. */
function useFork(chatId: string, onProblem: (problem: ReactNode) => void) {
  const navigate = useNavigate();
  const utils = trpc.useUtils();
  const fork = trpc.chats.fork.useMutation();
  // A second click may come before React has rendered the pending state.
  const isUnderWay = useRef(false);
  return (messageId: string) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    onProblem(null);
    fork.mutate(
      { chatId, messageId, newChatId: uuidv7() },
      {
        onSuccess(copy) {
          void utils.chats.list.invalidate();
          navigate(`/chat/${copy.id}`);
        },
        onError: (error) => onProblem(problemNote(error)),
        onSettled() {
          isUnderWay.current = false;
        },
      },
    );
  };
}
