import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

/** How far from the end still counts as reading the newest line, in px. */
const stickWithinPx = 48;

/** Events of a reader who scrolls away. */
const readerEvents = ["wheel", "touchstart", "keydown", "pointerdown"];
const passive = { passive: true };

interface Anchor {
  readonly element: Element;
  /** Distance from the top edge of the scroller, in px. */
  readonly top: number;
}

export interface StickToBottom {
  /** A scroller with `flex-direction: column-reverse`: its offset is 0 at the end, and negative above. */
  readonly scrollerRef: RefObject<HTMLDivElement | null>;
  /** The content of the scroller. Its direct children are the blocks that the reader reads. */
  readonly contentRef: RefObject<HTMLDivElement | null>;
  readonly isAtBottom: boolean;
  readonly scrollToBottom: (behavior?: ScrollBehavior) => void;
}

/**
 * Keeps the end in view while text grows. When the reader has scrolled up, it keeps the text in
 * view in place, whatever grows above or below. A reversed scroller starts at its end and stays
 * there without a script, so a page that arrives as HTML shows the newest message at once.
 */
export function useStickToBottom(): StickToBottom {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const [isAtBottom, setIsAtBottom] = useState(true);
  // Nothing may hold the view while it scrolls to the end by itself.
  const isReturning = useRef(false);

  useEffect(() => {
    const scroller = scrollerRef.current;
    const content = contentRef.current;
    if (!scroller || !content) return;
    let anchor: Anchor | undefined;
    let lastScrollTop = scroller.scrollTop;

    const remember = () => {
      const scrolledPx = scroller.scrollTop - lastScrollTop;
      lastScrollTop = scroller.scrollTop;
      const isNear = isNearEnd(scroller);
      setIsAtBottom(isNear);
      if (isNear) isReturning.current = false;
      if (isNear || isReturning.current) anchor = undefined;
      // Without a movement of the reader's own, what has moved is undone, and the anchor stays.
      else if (!anchor?.element.isConnected || Math.abs(scrolledPx) >= 1) {
        anchor = findAnchor(scroller, content);
      }
    };
    const stopReturning = () => {
      isReturning.current = false;
    };
    const keepInView = () => {
      if (!isReturning.current && anchor?.element.isConnected) {
        scroller.scrollTop += topWithin(scroller, anchor.element) - anchor.top;
        lastScrollTop = scroller.scrollTop;
      }
      remember();
    };
    const observer = new ResizeObserver(keepInView);
    observer.observe(content);
    scroller.addEventListener("scroll", remember, passive);
    for (const event of readerEvents) scroller.addEventListener(event, stopReturning, passive);
    return () => {
      observer.disconnect();
      scroller.removeEventListener("scroll", remember);
      for (const event of readerEvents) scroller.removeEventListener(event, stopReturning);
    };
  }, []);

  const scrollToBottom = useCallback((behavior: ScrollBehavior = "instant") => {
    isReturning.current = true;
    scrollerRef.current?.scrollTo({ top: 0, behavior });
  }, []);

  return { scrollerRef, contentRef, isAtBottom, scrollToBottom };
}

/** Whether the reader of a reversed scroller reads the newest line. */
export function isNearEnd(scroller: Element): boolean {
  return -scroller.scrollTop <= stickWithinPx;
}

/**
 * The first element in view: what the reader sees at the top edge. It is kept until the reader
 * scrolls: browsers round a scroll offset, and with a new anchor at each step the fractions would
 * add up, and the text would creep.
 */
function findAnchor(scroller: Element, content: Element): Anchor | undefined {
  for (const element of content.children) {
    // Placeholders for messages that are not rendered are no anchor.
    if (element.hasAttribute("data-space")) continue;
    const rect = element.getBoundingClientRect();
    const top = rect.top - scroller.getBoundingClientRect().top;
    if (top + rect.height > 0) return { element, top };
  }
  return undefined;
}

function topWithin(scroller: Element, element: Element): number {
  return element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
