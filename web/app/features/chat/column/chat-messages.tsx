import type { Vote } from "api-worker/contracts/votes";
import { useCallback } from "react";
import { MessageList } from "../../messages/list/message-list.tsx";
import { type MessageTools, MessageToolsProvider } from "../../messages/message-actions.ts";
import type { OpenChat } from "../session/use-open-chat.ts";
import type { Printing } from "../session/use-print.ts";
import { NotSentMessages } from "../unsent/not-sent-messages.tsx";

interface ChatMessagesProps {
  readonly chat: OpenChat;
  readonly title: string | undefined;
  readonly votes: ReadonlyMap<string, Vote>;
  readonly tools: MessageTools;
  /** The message that is open for editing. */
  readonly editedId: string | null;
  /** The message to scroll to and mark. */
  readonly target: { readonly messageId: string } | null;
  readonly sentCount: number;
  /** Sends a message again that an earlier page has sent without a response. */
  readonly onSendAgain: (messageId: string) => void;
  readonly printing: Printing;
  /** Called when an answer continues. The pressed button is then gone. */
  readonly onContinue: () => void;
}

/** The messages of a chat, with the owner's actions on them. */
export function ChatMessages({
  chat,
  title,
  tools,
  onContinue,
  onSendAgain,
  ...props
}: ChatMessagesProps) {
  const { session, state, messages, isUnderWay } = chat;
  const forgetOlder = useCallback(
    (keptCount: number) => session.history.forgetOlder(keptCount),
    [session],
  );
  return (
    <MessageToolsProvider value={tools}>
      <h1 className="sr-only print:not-sr-only print:pb-4 print:text-2xl print:font-semibold">
        {title ?? "Chat"}
      </h1>
      <MessageList
        {...props}
        messages={messages}
        versions={state.versions}
        isAnswering={isUnderWay && !state.isLost}
        isReconnecting={state.isReconnecting}
        isLost={state.isLost}
        hasOlder={state.hasOlder}
        isLoadingOlder={state.isLoadingOlder}
        onLoadOlder={() => void session.history.loadOlder()}
        onForgetOlder={forgetOlder}
        onReconnect={() => session.refresh()}
        onContinue={() => {
          if (session.start({ kind: "continue" })) onContinue();
        }}
        onRegenerate={tools.actions.regenerate}
      >
        <NotSentMessages
          messages={state.notSent}
          isBlocked={isUnderWay}
          onSendAgain={onSendAgain}
          onEdit={(messageId) => session.editNotSent(messageId)}
        />
      </MessageList>
    </MessageToolsProvider>
  );
}
