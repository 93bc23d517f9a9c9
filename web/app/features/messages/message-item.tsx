import "./markdown/markdown.css";
import type { FailureCode, MessageStatus } from "api-worker/contracts";
import { endSentences, failureSentences } from "api-worker/contracts/failures";
import { ChevronRight, CircleAlert, CirclePause } from "lucide-react";
import { memo, type ReactNode } from "react";
import { classNames } from "../../ui/class-names.ts";
import { CopyButton } from "../../ui/copy-button.tsx";

import { LazyMarkdown } from "./markdown/lazy-markdown.tsx";
import { type ChatMessage, isBlank, messageStatus, messageText } from "./message.ts";
import { TypingIndicator } from "./typing-indicator.tsx";

interface MessageItemProps {
  readonly message: ChatMessage;
  /** What can be done about an answer that ended early. */
  readonly actions?: ReactNode;
}

/** One message. Rendered again only when it has changed. */
export const MessageItem = memo(function MessageItem({ message, actions }: MessageItemProps) {
  const status = messageStatus(message);
  const isUser = message.role === "user";
  return (
    <article
      data-role={message.role}
      data-message-id={message.id}
      data-status={status}
      aria-label={isUser ? "You" : "Answer"}
      aria-busy={status === "streaming" || undefined}
      className="group/message mx-auto flex w-full max-w-3xl flex-col px-4 sm:px-6"
    >
      {isUser ? (
        <UserMessage message={message} />
      ) : (
        <Answer message={message} status={status} actions={actions} />
      )}
    </article>
  );
});

function UserMessage({ message }: { message: ChatMessage }) {
  const text = messageText(message);
  return (
    <div className="flex max-w-[85%] flex-row-reverse items-end gap-1 self-end">
      <div className="rounded-3xl bg-hover px-4 py-2.5 whitespace-pre-wrap wrap-anywhere">
        {text}
      </div>
      <Tools>
        <CopyButton text={text} label="Copy message" />
      </Tools>
    </div>
  );
}

function Answer({ message, status, actions }: MessageItemProps & { status: MessageStatus }) {
  const isStreaming = status === "streaming";
  const text = messageText(message);
  const isBare = isBlank(message);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {isBare && isStreaming && <TypingIndicator />}
      {message.parts.map((part, index) => {
        if (part.type === "text" && part.text !== "") {
          return (
            <div key={index} className="md min-w-0">
              <LazyMarkdown text={part.text} isStreaming={isStreaming && part.state !== "done"} />
            </div>
          );
        }
        if (part.type === "reasoning" && part.text !== "") {
          const isThinking = isStreaming && part.state === "streaming";
          return <Reasoning key={index} text={part.text} isThinking={isThinking} />;
        }
        return null;
      })}
      <StatusNote status={status} errorCode={message.metadata?.errorCode} actions={actions} />
      {!isStreaming && text !== "" && (
        <Tools className="-ms-2.5 -mb-3">
          <CopyButton text={text} label="Copy answer" />
        </Tools>
      )}
    </div>
  );
}

function Reasoning({ text, isThinking }: { text: string; isThinking: boolean }) {
  return (
    <details className="group/reasoning text-muted">
      <summary className="-mx-2 inline-flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-lg px-2 text-sm transition-colors hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          size={16}
          aria-hidden
          className="transition-transform group-open/reasoning:rotate-90"
        />
        <span className={isThinking ? "animate-pulse" : undefined}>
          {isThinking ? "Thinking…" : "Thoughts"}
        </span>
      </summary>
      <div className="mt-1 mb-2 ms-2 border-s-2 border-line ps-4 text-sm whitespace-pre-wrap wrap-anywhere">
        {text.trim()}
      </div>
    </details>
  );
}

interface StatusNoteProps {
  readonly status: MessageStatus;
  readonly errorCode: string | null | undefined;
  readonly actions: ReactNode;
}

function StatusNote({ status, errorCode, actions }: StatusNoteProps) {
  const sentence = statusSentence(status, errorCode);
  if (!sentence && !actions) return null;
  const isFailure = status === "failed";
  const Picture = isFailure ? CircleAlert : CirclePause;
  return (
    <div
      className={
        isFailure
          ? "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-danger-soft px-3.5 py-2.5 text-sm"
          : "flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-muted"
      }
    >
      {sentence && (
        <p className={classNames("flex min-w-0 items-start gap-2", isFailure && "flex-1")}>
          <Picture
            size={16}
            aria-hidden
            className={isFailure ? "mt-0.75 shrink-0 text-danger" : "mt-0.75 shrink-0"}
          />
          {sentence}
        </p>
      )}
      {actions}
    </div>
  );
}

/** How an answer ended, in words; undefined while it goes on, and when it is complete. */
export function statusSentence(
  status: MessageStatus,
  errorCode: string | null | undefined,
): string | undefined {
  if (status === "stopped" || status === "interrupted") return endSentences[status];
  if (status !== "failed") return undefined;
  return failureSentences[errorCode as FailureCode] ?? failureSentences.unavailable;
}

/** Small buttons under a message. Seen on hover and focus; always where nothing can hover. */
function Tools({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div
      className={classNames(
        "flex transition-opacity pointer-fine:opacity-0",
        "group-focus-within/message:opacity-100 group-hover/message:opacity-100",
        className,
      )}
    >
      {children}
    </div>
  );
}
