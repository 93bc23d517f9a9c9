import { useChat } from "@ai-sdk/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { keepDraft } from "../../lib/draft.ts";
import { useStore } from "../../lib/store.ts";
import { trpc } from "../../lib/trpc.ts";
import { onWake } from "../../lib/wake.ts";
import { ShareButton } from "../chats/share/share-button.tsx";
import { toFilePart, toUpload } from "../messages/content/file-part.ts";
import { MessageList } from "../messages/list/message-list.tsx";
import { useSteadyMessages } from "../messages/list/use-steady-messages.ts";
import { preloadMarkdown } from "../messages/markdown/lazy-markdown.tsx";
import { type ChatMessage, type FilePart, messageStatus } from "../messages/message.ts";
import { MessageToolsProvider } from "../messages/message-actions.ts";
import { whyUnseen } from "../models/filter-models.ts";
import { ModelPicker } from "../models/model-picker.tsx";
import { useModel } from "../models/use-model.ts";
import { writeDraftFiles } from "../uploads/draft/draft-files.ts";
import { DropZone } from "../uploads/draft/drop-zone.tsx";
import { useDraftUploads } from "../uploads/draft/use-draft-uploads.ts";
import { useVotes } from "../votes/use-votes.ts";
import { EmptyState } from "./column/empty-state.tsx";
import { useMessageActions } from "./column/use-message-actions.ts";
import { useTarget } from "./column/use-target.ts";
import { useChatCommands } from "./commands/use-chat-commands.tsx";
import { Composer, focusOnDesktop, useFocusOnDesktop } from "./composer/composer.tsx";
import { DayUsedNote } from "./composer/day-used-note.tsx";
import { useDraft } from "./composer/use-draft.ts";
import { useFirstQuestion } from "./composer/use-first-question.ts";
import { useOutbox } from "./composer/use-outbox.ts";
import { DeletedNotice } from "./deleted-notice.tsx";
import { newChatId, noteBegun } from "./new-chat-id.ts";
import { chatEvents } from "./session/chat-events.ts";
import type { ChatSession } from "./session/chat-session.ts";
import { chatSession, holdSession } from "./session/chat-sessions.ts";
import { messagesApi } from "./session/messages-api.ts";

/** The text on the screen is renewed at most this often, in ms: readers read no faster than that. */
const renderEveryMs = 50;
/** How often an answer that is out of reach is looked for, in ms. */
const lookForLostEveryMs = 10_000;

/** One chat: its messages and the composer. `chatId` is null for a chat that does not exist yet. */
export function ChatView({ chatId }: { chatId: string | null }) {
  const utils = trpc.useUtils();
  // Another chat is another view, with its own scroll position and draft.
  const [idOfNew] = useState(newChatId);
  const id = chatId ?? idOfNew;
  return <SessionView key={id} chatId={id} isNew={chatId === null} utils={utils} />;
}

interface SessionViewProps {
  readonly chatId: string;
  readonly isNew: boolean;
  readonly utils: ReturnType<typeof trpc.useUtils>;
}

function SessionView({ chatId, isNew, utils }: SessionViewProps) {
  const [session] = useState(() =>
    chatSession({
      chatId,
      newestPage: isNew
        ? null
        : (utils.messages.list.getInfiniteData({ chatId })?.pages[0] ?? null),
      port: messagesApi,
      events: chatEvents,
    }),
  );
  const state = useStore(session.store, (current) => current, session.state);
  const { messages: read, status } = useChat({ chat: session.chat, throttle: renderEveryMs });
  const messages = useSteadyMessages(read);
  useSession(session, state.isLost);
  const title = useTitle(chatId, state.isSaved);
  const navigate = useNavigate();
  useEffect(() => {
    if (isNew && state.isSaved) navigate(`/chat/${chatId}`, { replace: true });
  }, [isNew, state.isSaved, chatId, navigate]);

  const textboxRef = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(isNew ? null : chatId, textboxRef);
  useFocusOnDesktop(textboxRef);
  const [problem, setProblem] = useState<string | null>(null);
  const uploads = useDraftUploads(chatId, isNew ? null : chatId, setProblem);
  const { unsent } = state;
  useEffect(() => {
    if (!unsent) return;
    const isEmpty = text.trim() === "";
    setText(isEmpty || unsent.text === "" ? unsent.text + text : `${unsent.text}\n\n${text}`);
    uploads.restore(unsent.files.flatMap((part) => toUpload(part) ?? []));
    session.takeUnsent();
  }, [unsent]);

  const model = useModel(lastModelId(messages));
  const cannotSee = uploads.hasPictures ? whyUnseen(model.model) : null;
  const hasAnswers = messages.some(({ role }) => role === "assistant");
  const { votes, vote } = useVotes(chatId, state.isSaved && hasAnswers, setProblem);
  const { target, problem: targetProblem } = useTarget(session);
  const pickerRef = useRef<HTMLDivElement>(null);
  const { commands, dialog } = useChatCommands({
    chatId,
    title,
    isSaved: state.isSaved,
    text,
    onChange: setText,
    textboxRef,
    pickerRef,
    onProblem: setProblem,
  });
  const [sentCount, setSentCount] = useState(0);
  const isUnderWay = isBeingAnswered(messages, status);
  const send = (message: string, files: readonly FilePart[] = []) => {
    if (!session.start({ kind: "send", text: message, modelId: model.chosenId, files }))
      return false;
    noteBegun(chatId);
    model.noteSent();
    preloadMarkdown();
    setProblem(null);
    setSentCount((count) => count + 1);
    return true;
  };
  useFirstQuestion(isNew, send);
  const outbox = useOutbox({
    uploads,
    isBlocked: cannotSee !== null || isUnderWay,
    onProblem: setProblem,
    onSend() {
      const files = uploads.files.flatMap(({ upload }) => (upload ? [toFilePart(upload)] : []));
      if (!send(text.trim(), files)) return;
      uploads.take();
      setText("");
    },
  });

  const { tools, editedId } = useMessageActions({
    session,
    models: model.models,
    modelId: model.chosenId,
    onVote: vote,
    onProblem: setProblem,
    onBegin: () => {
      preloadMarkdown();
      // The button goes away, and with it the focus.
      focusOnDesktop(textboxRef);
    },
  });
  const goOn = () => {
    if (session.start({ kind: "continue" })) focusOnDesktop(textboxRef);
  };

  const forgetOlder = useCallback((keptCount: number) => session.forgetOlder(keptCount), [session]);

  if (state.isDeleted) return <DeletedChat chatId={chatId} />;
  return (
    <DropZone onFiles={uploads.add} className="relative flex h-full min-h-0 flex-1 flex-col">
      {state.isSaved && <ShareButton chatId={chatId} />}
      {messages.length === 0 && isNew ? (
        <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto">
          <EmptyState onSend={send} />
        </div>
      ) : (
        <MessageToolsProvider value={tools}>
          <h1 className="sr-only">{title ?? "Chat"}</h1>
          <MessageList
            messages={messages}
            versions={state.versions}
            votes={votes}
            editedId={editedId}
            target={target}
            isAnswering={isUnderWay && !state.isLost}
            isReconnecting={state.isReconnecting}
            isLost={state.isLost}
            hasOlder={state.hasOlder}
            isLoadingOlder={state.isLoadingOlder}
            sentCount={sentCount}
            onLoadOlder={() => session.loadOlder()}
            onForgetOlder={forgetOlder}
            onReconnect={() => session.refresh()}
            onContinue={goOn}
            onRegenerate={tools.actions.regenerate}
          />
        </MessageToolsProvider>
      )}
      <div className="px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6 sm:pb-5">
        <Composer
          text={text}
          onChange={setText}
          onSend={outbox.send}
          onStop={() => session.stop()}
          uploads={{
            ...uploads,
            remove(key) {
              // Without what was taken out it may not be what should be sent.
              outbox.cancel();
              uploads.remove(key);
            },
          }}
          isWaiting={outbox.isWaiting}
          onCancelWaiting={outbox.cancel}
          isAnswering={isUnderWay}
          isStopping={state.isStopping}
          problem={
            state.isDayUsed && state.problem ? (
              <DayUsedNote text={state.problem} />
            ) : (
              (state.problem ?? problem ?? cannotSee ?? targetProblem)
            )
          }
          commands={commands}
          onEditLast={() => {
            const question = messages.findLast(({ role }) => role === "user");
            if (question) tools.actions.setEdited(question.id);
          }}
          textboxRef={textboxRef}
        >
          <div ref={pickerRef}>
            <ModelPicker
              models={model.models}
              modelId={model.modelId}
              hasPictures={uploads.hasPictures}
              onChange={model.choose}
            />
          </div>
        </Composer>
      </div>
      {dialog}
    </DropZone>
  );
}

function DeletedChat({ chatId }: { chatId: string }) {
  const [hasKeptDraft] = useState(() => {
    // Files that were given here went with the chat.
    writeDraftFiles(chatId, []);
    return keepDraft(chatId);
  });
  return <DeletedNotice hasKeptDraft={hasKeptDraft} />;
}

/** Holds the session, goes on with an answer under way, and looks for one that was lost. */
function useSession(session: ChatSession, isLost: boolean): void {
  useEffect(() => {
    const release = holdSession(session);
    void session.resume();
    return release;
  }, [session]);

  useEffect(() => {
    if (!isLost) return;
    const look = () => void session.refresh();
    const timer = setInterval(look, lookForLostEveryMs);
    const stopListening = onWake(look);
    return () => {
      clearInterval(timer);
      stopListening();
    };
  }, [session, isLost]);
}

/** Keeps the window's title with the chat's, which comes while the first answer does. */
function useTitle(chatId: string, isSaved: boolean): string | undefined {
  const chat = trpc.chats.get.useQuery({ chatId }, { enabled: isSaved });
  const title = chat.data?.title;
  useEffect(() => {
    if (title) document.title = `${title} · Alleato Chat`;
  }, [title]);
  return title;
}

function lastModelId(messages: readonly ChatMessage[]): string | null | undefined {
  return messages.findLast(({ role }) => role === "assistant")?.metadata?.modelId;
}

function isBeingAnswered(messages: readonly ChatMessage[], status: string): boolean {
  if (status === "submitted" || status === "streaming") return true;
  const last = messages.at(-1);
  return last?.role === "assistant" && messageStatus(last) === "streaming";
}
