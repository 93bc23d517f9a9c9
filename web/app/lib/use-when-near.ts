import { type RefObject, useEffect, useEffectEvent } from "react";

interface WhenNearOptions {
  /** The element that scrolls. */
  readonly scrollerRef: RefObject<HTMLElement | null>;
  /** How far from view counts as near, in pixels. */
  readonly withinPx: number;
  readonly isWanted: boolean;
  readonly onNear: () => void;
}

/** Calls back whenever an element comes near the visible part of a scroller. */
export function useWhenNear(ref: RefObject<Element | null>, options: WhenNearOptions): void {
  const { scrollerRef, withinPx, isWanted, onNear } = options;
  const callBack = useEffectEvent(onNear);
  useEffect(() => {
    if (!isWanted || !ref.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) callBack();
      },
      { root: scrollerRef.current, rootMargin: `${withinPx}px 0px` },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref, scrollerRef, withinPx, isWanted]);
}
