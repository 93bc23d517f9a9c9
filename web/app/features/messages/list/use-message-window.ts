import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { ChatMessage } from "../message.ts";
import {
  estimateHeight,
  firstWindow,
  type MessageWindow,
  spaceOf,
  wholeChatMax,
  windowAround,
  windowFor,
} from "./message-window.ts";

/** Messages are rendered when they are this many screens away from the view. */
const overscanScreens = 1.25;

export interface ShownWindow {
  /** The messages to render. */
  readonly shown: readonly ChatMessage[];
  /** Heights of the space above and below them, in px; 0 for none. */
  readonly abovePx: number;
  readonly belowPx: number;
  /** Renders a message, scrolls it to the middle of the view and focuses it. */
  readonly reveal: (messageId: string) => void;
}

/**
 * Renders only the messages of a long chat that are in view or near it, with empty space in place
 * of the others. Above the view the space need not be exact, because the scroller counts from its
 * end. Below the view each message was measured while it was rendered.
 *
 * @param isWholeWanted whether all messages are rendered, for printing
 */
export function useMessageWindow(
  scrollerRef: RefObject<HTMLElement | null>,
  contentRef: RefObject<HTMLElement | null>,
  messages: readonly ChatMessage[],
  isWholeWanted: boolean,
): ShownWindow {
  const [wanted, setWanted] = useState<MessageWindow>(firstWindow);
  const measured = useRef(new Map<string, number>());
  const latest = useRef(messages);
  latest.current = messages;
  // Whether a message is about to be scrolled to. Until then the window must not follow the old place.
  const isRevealing = useRef(false);
  const isWhole = isWholeWanted || messages.length <= wholeChatMax;

  const update = useCallback(() => {
    if (isRevealing.current) return;
    const scroller = scrollerRef.current;
    const content = contentRef.current;
    if (!scroller || !content || latest.current.length <= wholeChatMax) return;
    measure(content, measured.current);
    const heightsPx = heightsOf(latest.current, measured.current);
    const next = windowFor(heightsPx, {
      distancePx: -scroller.scrollTop,
      heightPx: scroller.clientHeight,
      overscanPx: scroller.clientHeight * overscanScreens,
    });
    setWanted((last) => (last.skip === next.skip && last.count === next.count ? last : next));
  }, [scrollerRef, contentRef]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    const content = contentRef.current;
    if (isWhole || !scroller || !content) return;
    const observer = new ResizeObserver(update);
    observer.observe(content);
    scroller.addEventListener("scroll", update, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", update);
    };
  }, [isWhole, scrollerRef, contentRef, update]);

  const [revealed, setRevealed] = useState<{ readonly messageId: string }>();
  const reveal = useCallback((messageId: string) => {
    const index = latest.current.findIndex(({ id }) => id === messageId);
    if (index < 0) return;
    isRevealing.current = true;
    setWanted(windowAround(latest.current.length - 1 - index));
    setRevealed({ messageId });
  }, []);
  // A layout effect, so that it runs before other code reads the scroll position.
  useLayoutEffect(() => {
    if (!revealed) return;
    isRevealing.current = false;
    const selector = `[data-message-id="${CSS.escape(revealed.messageId)}"]`;
    const element = contentRef.current?.querySelector<HTMLElement>(selector);
    element?.scrollIntoView({ block: "center", behavior: "instant" });
    element?.focus({ preventScroll: true });
  }, [revealed, contentRef]);

  const { skip, count } = isWhole ? { skip: 0, count: messages.length } : wanted;
  const end = Math.max(0, messages.length - skip);
  const start = Math.max(0, end - count);
  const shown = useMemo(() => messages.slice(start, end), [messages, start, end]);
  const space = (part: readonly ChatMessage[]) =>
    part.length === 0 ? 0 : spaceOf(heightsOf(part, measured.current));
  return {
    shown,
    abovePx: isWhole ? 0 : space(messages.slice(0, start)),
    belowPx: isWhole ? 0 : space(messages.slice(end)),
    reveal,
  };
}

function measure(content: Element, heightsPx: Map<string, number>): void {
  for (const element of content.querySelectorAll<HTMLElement>(":scope > [data-message-id]")) {
    const { messageId } = element.dataset;
    if (messageId) heightsPx.set(messageId, element.getBoundingClientRect().height);
  }
}

/** Newest first. */
function heightsOf(messages: readonly ChatMessage[], measured: Map<string, number>): number[] {
  return messages
    .map((message) => measured.get(message.id) ?? estimateOnce(message, measured))
    .reverse();
}

/** Used until a measured height replaces it. */
function estimateOnce(message: ChatMessage, heightsPx: Map<string, number>): number {
  const heightPx = estimateHeight(message);
  heightsPx.set(message.id, heightPx);
  return heightPx;
}
