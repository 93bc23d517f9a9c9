import { ArrowDown } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { answerActions } from "./answer-actions.tsx";
import { type ChatMessage, messageStatus } from "./message.ts";
import { MessageItem, statusSentence } from "./message-item.tsx";
import { TypingIndicator } from "./typing-indicator.tsx";
import { useStickToBottom } from "./use-stick-to-bottom.ts";

interface MessageListProps {
  readonly messages: readonly ChatMessage[];
  readonly isAnswering: boolean;
  /** The connection to the answer has been gone for a while. */
  readonly isReconnecting: boolean;
  readonly isLost: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Changes with each message that the reader sends: then the end comes into view. */
  readonly sentCount: number;
  readonly onLoadOlder: () => void;
  readonly onReconnect: () => void;
  readonly onContinue: () => void;
}

/** The messages of a chat, newest at the bottom; older ones come as the reader scrolls up. */
export function MessageList({ messages, ...props }: MessageListProps) {
  const { scrollerRef, contentRef, isAtBottom, scrollToBottom } = useStickToBottom();
  const topRef = useRef<HTMLDivElement>(null);
  useOlderMessages(scrollerRef, topRef, props.hasOlder && !props.isLoadingOlder, props.onLoadOlder);
  const { sentCount } = props;
  useEffect(() => {
    if (sentCount > 0) scrollToBottom();
  }, [sentCount, scrollToBottom]);

  const last = messages.at(-1);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scrollerRef}
        className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div ref={contentRef} className="relative mb-auto flex flex-col gap-6 py-6">
          {props.hasOlder && (
            <div ref={topRef} className="flex justify-center">
              <Button look="quiet" isPending={props.isLoadingOlder} onClick={props.onLoadOlder}>
                Load older messages
              </Button>
            </div>
          )}
          {messages.map((message) => (
            <MessageItem
              key={message.id}
              message={message}
              actions={message === last ? answerActions({ message, ...props }) : undefined}
            />
          ))}
          {props.isAnswering && last?.role === "user" && (
            <div className="mx-auto w-full max-w-3xl px-4 sm:px-6">
              <TypingIndicator />
            </div>
          )}
          {/* In the space below the last message, so that nothing moves. */}
          <div
            role="status"
            className="absolute inset-x-0 bottom-0 mx-auto h-6 w-full max-w-3xl px-4 text-sm text-muted sm:px-6"
          >
            {props.isReconnecting && <span className="animate-pulse">Reconnecting…</span>}
          </div>
        </div>
      </div>
      {!isAtBottom && (
        <ScrollButton onClick={() => scrollToBottom(scrollBehavior(props.isAnswering))} />
      )}
      <Announcement message={last} isAnswering={props.isAnswering} />
    </div>
  );
}

function ScrollButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label="Scroll to bottom"
      title="Scroll to bottom"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 inline-flex size-10 -translate-x-1/2 items-center justify-center rounded-full border border-line bg-raised text-muted shadow-float transition-colors hover:text-ink"
    >
      <ArrowDown size={18} aria-hidden />
    </button>
  );
}

/** Tells a screen reader how an answer ended; the words as they come would be noise. */
function Announcement({
  message,
  isAnswering,
}: {
  message: ChatMessage | undefined;
  isAnswering: boolean;
}) {
  const [hasAnswered, setHasAnswered] = useState(false);
  if (isAnswering && !hasAnswered) setHasAnswered(true);
  const isOver = hasAnswered && !isAnswering && message?.role === "assistant";
  return (
    <div aria-live="polite" className="sr-only">
      {isOver && endAnnouncement(message)}
    </div>
  );
}

function endAnnouncement(message: ChatMessage): string {
  const status = messageStatus(message);
  return statusSentence(status, message.metadata?.errorCode) ?? "Answer complete";
}

/** Asks for older messages a little before the reader gets to the first one. */
function useOlderMessages(
  scrollerRef: RefObject<HTMLElement | null>,
  topRef: RefObject<HTMLElement | null>,
  isWanted: boolean,
  onLoadOlder: () => void,
): void {
  const loadRef = useRef(onLoadOlder);
  useEffect(() => {
    loadRef.current = onLoadOlder;
  });
  useEffect(() => {
    const top = topRef.current;
    if (!isWanted || !top) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) loadRef.current();
      },
      { root: scrollerRef.current, rootMargin: "600px 0px" },
    );
    observer.observe(top);
    return () => observer.disconnect();
  }, [isWanted, scrollerRef, topRef]);
}

/** A smooth way down only where the bottom stands still: text that grows would break it off. */
function scrollBehavior(isGrowing: boolean): ScrollBehavior {
  const isCalm = isGrowing || matchMedia("(prefers-reduced-motion: reduce)").matches;
  return isCalm ? "instant" : "smooth";
}
