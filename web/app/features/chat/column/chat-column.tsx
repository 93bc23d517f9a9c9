import { type ReactNode, useRef, useState } from "react";
import { ShareButton } from "../../chats/share/share-button.tsx";
import { preloadMarkdown } from "../../messages/markdown/lazy-markdown.tsx";
import { DropZone } from "../../uploads/draft/drop-zone.tsx";
import { useVotes } from "../../votes/use-votes.ts";
import { useChatCommands } from "../commands/use-chat-commands.tsx";
import { focusOnDesktop } from "../composer/composer.tsx";
import type { PanelKindName } from "../panels/panel-kinds.ts";
import type { OpenChat } from "../session/use-open-chat.ts";
import { usePrint } from "../session/use-print.ts";
import { ChatComposer } from "./chat-composer.tsx";
import { ChatMessages } from "./chat-messages.tsx";
import { EmptyState } from "./empty-state.tsx";
import { useChatDraft } from "./use-chat-draft.ts";
import { useChatModel } from "./use-chat-model.ts";
import { useChatTitle } from "./use-chat-title.ts";
import { useMessageActions } from "./use-message-actions.ts";
import { useSending } from "./use-sending.ts";
import { useTarget } from "./use-target.ts";

interface ChatColumnProps {
  readonly chat: OpenChat;
  /** Opens a panel beside the column. */
  readonly onOpenPanel: (kind: PanelKindName, id: string) => void;
}

/** The main column of a chat: its messages, with the composer below them. */
export function ChatColumn({ chat, onOpenPanel }: ChatColumnProps) {
  const { chatId, isNew, session, state, messages } = chat;
  const [problem, setProblem] = useState<ReactNode>(null);
  const title = useChatTitle(chatId, state.isSaved);
  const draft = useChatDraft(chat, setProblem);
  const { text, setText, uploads, textboxRef } = draft;
  const model = useChatModel(messages, chat.modelChoice, uploads.hasPictures);
  const hasAnswers = messages.some(({ role }) => role === "assistant");
  const { votes, vote } = useVotes(chatId, state.isSaved && hasAnswers, setProblem);
  const { target, problem: targetProblem } = useTarget(session);
  const printing = usePrint(session, state.hasOlder);
  const pickerRef = useRef<HTMLDivElement>(null);
  const { commands, dialog } = useChatCommands({
    chatId,
    title,
    isSaved: state.isSaved,
    text,
    onChange: setText,
    textboxRef,
    pickerRef,
    onPrint: printing.print,
    onProblem: setProblem,
  });
  const sending = useSending({ chat, draft, model, onProblem: setProblem });
  // The button that begins an answer goes away, and with it the focus.
  const keepFocus = () => focusOnDesktop(textboxRef);
  const { tools, editedId } = useMessageActions({
    session,
    models: model.models,
    modelId: model.chosenId,
    onVote: vote,
    onProblem: setProblem,
    onOpenPanel,
    onBegin() {
      preloadMarkdown();
      keepFocus();
    },
  });
  const editLast = () => {
    const question = messages.findLast(({ role }) => role === "user");
    if (question) tools.actions.setEdited(question.id);
  };

  return (
    <DropZone
      onFiles={uploads.add}
      className="relative flex h-full min-h-0 flex-1 flex-col print:block"
    >
      {state.isSaved && <ShareButton chatId={chatId} />}
      {messages.length === 0 && state.notSent.length === 0 && isNew ? (
        <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto">
          <EmptyState onSend={sending.send} />
        </div>
      ) : (
        <ChatMessages
          chat={chat}
          title={title}
          votes={votes}
          tools={tools}
          editedId={editedId}
          target={target}
          sentCount={sending.sentCount}
          onSendAgain={sending.sendAgain}
          printing={printing}
          onContinue={keepFocus}
        />
      )}
      <ChatComposer
        chat={chat}
        draft={draft}
        model={model}
        sending={sending}
        commands={commands}
        pickerRef={pickerRef}
        problem={problem ?? model.problem ?? targetProblem}
        onEditLast={editLast}
      />
      {dialog}
    </DropZone>
  );
}
