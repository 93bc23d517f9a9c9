import type { Vote } from "api-worker/contracts/votes";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useWhenNear } from "../../../lib/use-when-near.ts";
import { Button } from "../../../ui/button.tsx";
import { useCopiedSelections } from "../clipboard/lazy-clipboard.ts";
import { restartSentence } from "../content/restart-note.tsx";
import { statusSentence } from "../content/status-note.tsx";
import { type ChatMessage, messageStatus, placeOf, restartsOf } from "../message.ts";
import { answerActions } from "../toolbar/answer-actions.tsx";
import type { Versions } from "../versions.ts";
import { MessageItem } from "./message-item.tsx";
import { useServedLengths } from "./served-text.ts";
import { TypingIndicator } from "./typing-indicator.tsx";
import { Unanswered } from "./unanswered.tsx";
import { useMessageWindow } from "./use-message-window.ts";
import { useStickToBottom } from "./use-stick-to-bottom.ts";

/**
 * When the reader returns to the end of a longer chat, it drops old messages and keeps this many.
 */
const keptAtEndMax = 400;
const keptAtEnd = 100;

interface MessageListProps {
  readonly messages: readonly ChatMessage[];
  readonly versions: Versions;
  readonly votes: ReadonlyMap<string, Vote>;
  /** The message that is being edited. */
  readonly editedId: string | null;
  /** The message to jump to. A new object jumps again. */
  readonly target: { readonly messageId: string } | null;
  readonly isAnswering: boolean;
  /** Whether the connection to the answer has been lost for a while. */
  readonly isReconnecting: boolean;
  readonly isLost: boolean;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Changes with each sent message, which scrolls to the end. */
  readonly sentCount: number;
  readonly printing: { readonly isWhole: boolean; readonly isPreparing: boolean };
  readonly onLoadOlder: () => void;
  /** Called at the end of a very long chat, with how many messages to keep. */
  readonly onForgetOlder: (keptCount: number) => void;
  readonly onReconnect: () => void;
  /** null, like `onRegenerate`, when the chat is read-only. */
  readonly onContinue: (() => void) | null;
  /** Answers again, or the last question for the first time. */
  readonly onRegenerate: ((messageId: string) => void) | null;
  /** Shown below the last message. */
  readonly children?: ReactNode;
}

/** The messages of a chat, newest at the bottom. Older ones load as the reader scrolls up. */
export function MessageList({ messages, versions, votes, printing, ...props }: MessageListProps) {
  const { scrollerRef, contentRef, isAtBottom, scrollToBottom } = useStickToBottom();
  const { shown, abovePx, belowPx, reveal } = useMessageWindow(
    scrollerRef,
    contentRef,
    messages,
    printing.isWhole,
  );
  const renderedLengths = useServedLengths(shown);
  useCopiedSelections(scrollerRef);
  const topRef = useRef<HTMLDivElement>(null);
  useWhenNear(topRef, {
    scrollerRef,
    withinPx: 600,
    isWanted: props.hasOlder && !props.isLoadingOlder,
    onNear: props.onLoadOlder,
  });
  const { sentCount, target, onForgetOlder, onRegenerate } = props;
  useEffect(() => {
    if (sentCount > 0) scrollToBottom();
  }, [sentCount, scrollToBottom]);
  // Rendering is a little behind the session, which has loaded the message.
  const isTargetThere = target !== null && messages.some(({ id }) => id === target.messageId);
  const isSettled = isAtBottom && target === null && !printing.isWhole;
  const isTooLong = isSettled && messages.length > keptAtEndMax;
  useEffect(() => {
    if (isTooLong) onForgetOlder(keptAtEnd);
  }, [isTooLong, onForgetOlder]);
  useEffect(() => {
    if (target && isTargetThere) reveal(target.messageId);
  }, [target, isTargetThere, reveal]);

  const last = messages.at(-1);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col print:block">
      <div
        ref={scrollerRef}
        data-messages=""
        className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain [overflow-anchor:none] print:block print:overflow-visible"
      >
        <div
          ref={contentRef}
          className="relative mb-auto flex flex-col gap-6 py-6 print:block print:space-y-6 print:py-0"
        >
          {props.hasOlder && (
            <p className="hidden pb-4 text-muted print:block">
              Earlier messages are left out. To print them too, press Ctrl+P in the chat.
            </p>
          )}
          {props.hasOlder && (
            <div ref={topRef} className="flex justify-center print:hidden">
              <Button look="quiet" isPending={props.isLoadingOlder} onClick={props.onLoadOlder}>
                Load older messages
              </Button>
            </div>
          )}
          <Space heightPx={abovePx} />
          {shown.map((message) => (
            <MessageItem
              key={placeOf(message)}
              message={message}
              versions={versions.get(message.id)}
              vote={votes.get(message.id)}
              isLast={message === last}
              renderedLength={renderedLengths.get(message.id)}
              isEdited={message.id === props.editedId}
              isMarked={message.id === target?.messageId}
              actions={message === last ? answerActions({ message, ...props }) : undefined}
            />
          ))}
          <Space heightPx={belowPx} />
          {!props.isAnswering && last?.role === "user" && onRegenerate && (
            <Unanswered onAnswer={() => onRegenerate(last.id)} />
          )}
          {props.children}
          {props.isAnswering && last?.role === "user" && (
            <div className="mx-auto w-full max-w-3xl px-4 sm:px-6 print:hidden">
              <TypingIndicator />
            </div>
          )}
          {/* Placed in the space below the last message, so that nothing moves. */}
          <div
            role="status"
            className="absolute inset-x-0 bottom-0 mx-auto h-6 w-full max-w-3xl px-4 text-sm text-muted sm:px-6 print:hidden"
          >
            {props.isReconnecting && <span className="animate-pulse">Reconnecting…</span>}
            {printing.isPreparing && <span className="animate-pulse">Preparing to print…</span>}
          </div>
        </div>
      </div>
      {!isAtBottom && (
        <ScrollButton
          onClick={() => scrollToBottom(scrollBehavior(props.isAnswering, scrollerRef.current))}
        />
      )}
      <Announcement message={last} isAnswering={props.isAnswering} />
    </div>
  );
}

/** Stands in for messages that are not on the page. */
function Space({ heightPx }: { heightPx: number }) {
  if (heightPx === 0) return null;
  return (
    <div data-space="" aria-hidden className="shrink-0 print:hidden" style={{ height: heightPx }} />
  );
}

function ScrollButton({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label="Scroll to bottom"
      title="Scroll to bottom"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 inline-flex size-10 -translate-x-1/2 items-center justify-center rounded-full border border-line bg-raised text-muted shadow-float transition-colors hover:text-ink print:hidden"
    >
      <ArrowDown size={18} aria-hidden />
    </button>
  );
}

/**
 * Announces the start and the end of an answer to screen readers, and once that it went on after an
 * interruption. Announcing the words as they stream would be noise.
 */
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
      {isAnswering && (message && restartsOf(message) > 0 ? restartSentence : "Answer started")}
      {isOver && endAnnouncement(message)}
    </div>
  );
}

function endAnnouncement(message: ChatMessage): string {
  const status = messageStatus(message);
  return statusSentence(status, message.metadata?.errorCode) ?? "Answer complete";
}

/** From this many screens away, scrolling to the end is not animated. */
const smoothScreensMax = 4;

/**
 * Animates scrolling down only over a short distance and while the bottom is still, because growing
 * text would interrupt the animation.
 */
function scrollBehavior(isGrowing: boolean, scroller: HTMLElement | null): ScrollBehavior {
  const isFar = scroller && -scroller.scrollTop > scroller.clientHeight * smoothScreensMax;
  const isCalm = isGrowing || isFar || matchMedia("(prefers-reduced-motion: reduce)").matches;
  return isCalm ? "instant" : "smooth";
}
