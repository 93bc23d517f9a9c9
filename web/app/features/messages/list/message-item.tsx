import type { Vote } from "api-worker/contracts/votes";
import { memo, type ReactNode } from "react";
import { classNames } from "../../../ui/class-names.ts";
import { Answer } from "../content/answer.tsx";
import { UserMessage } from "../content/user-message.tsx";
import { type ChatMessage, messageStatus } from "../message.ts";
import { MessageBoundary } from "./message-boundary.tsx";

interface MessageItemProps {
  readonly message: ChatMessage;
  /** undefined when there is only one. */
  readonly versions?: readonly string[] | undefined;
  readonly vote?: Vote | undefined;
  readonly isLast?: boolean;
  /** How much of an answer's text is rendered; all when undefined. */
  readonly renderedLength?: number | undefined;
  /** Whether the message is being edited. */
  readonly isEdited?: boolean;
  /** Whether the reader jumped to this message. */
  readonly isMarked?: boolean;
  /** Actions for an answer that ended early. */
  readonly actions?: ReactNode;
}

/** One message. Rendered again only when it has changed. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { message, versions, vote = "none", isLast = false, isEdited = false, actions } = props;
  const status = messageStatus(message);
  const isUser = message.role === "user";
  return (
    <article
      data-role={message.role}
      data-message-id={message.id}
      data-status={status}
      data-marked={props.isMarked || undefined}
      // Takes the focus, so that a reader who comes from search continues from here.
      tabIndex={-1}
      aria-label={isUser ? "You" : "Answer"}
      aria-busy={status === "streaming" || undefined}
      className={classNames(
        "group/message relative mx-auto flex w-full max-w-3xl flex-col px-4 outline-none sm:px-6 print:max-w-none print:px-0",
        // A bar beside the message, because a coloured background would clash with colours inside
        // it.
        "before:absolute before:inset-y-0 before:start-0 before:w-1 before:rounded-full before:bg-accent",
        "before:opacity-0 before:transition-opacity before:duration-500 data-marked:before:opacity-100 print:before:hidden",
      )}
    >
      <MessageBoundary message={message}>
        {isUser ? (
          <UserMessage message={message} versions={versions} isEdited={isEdited} />
        ) : (
          <Answer
            message={message}
            status={status}
            versions={versions}
            vote={vote}
            isLast={isLast}
            renderedLength={props.renderedLength}
            actions={actions}
          />
        )}
      </MessageBoundary>
    </article>
  );
});
