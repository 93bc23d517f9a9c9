import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useState } from "react";
import { useRouteLoaderData } from "react-router";
import { writePreference } from "../../../lib/cookies.ts";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import { Store, useStore } from "../../../lib/store.ts";
import { defaultShare, shareCookie } from "./panel-share.ts";

/** The minimum widths, in px. The classes in side-slot.tsx say the same, for the time before scripts run. */
const minColumnPx = 384;
const minPanelPx = 320;
/** How far an arrow key moves the separator, and how far Page Up and Page Down do, in percent. */
const stepPercent = 2;
const pagePercent = 10;

// The choice in this document. null until it changes; until then the server's value counts.
const chosen = new Store<number | null>(null);

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Divides the width between the column and the panel. The browser remembers the choice.
 *
 * @param panelRef the panel, a child of the layout
 * @returns the panel's share of the width in percent, its bounds, and the separator's handlers
 */
export function useSplit(panelRef: RefObject<HTMLElement | null>) {
  const shell = useRouteLoaderData<{ panelShare: number }>("routes/app-shell");
  const initial = shell?.panelShare ?? defaultShare;
  const wanted = useStore(chosen, (share) => share ?? initial, initial);
  const bounds = useBounds(panelRef);
  const share = clamp(wanted, bounds);
  const moveTo = (next: number) => chosen.set(clamp(next, bounds));
  const keep = () => writePreference(shareCookie, (chosen.value ?? initial).toFixed(1));

  const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
    const next = shareAfterKey(event.key, share, bounds);
    if (next === null) return;
    event.preventDefault();
    moveTo(next);
    keep();
  });
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    // Prevents selecting text. That also prevents the focus, so it is set here.
    event.preventDefault();
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const layout = panelRef.current?.parentElement;
    if (!layout || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { right, width } = layout.getBoundingClientRect();
    moveTo(((right - event.clientX) / width) * 100);
  };
  const onDoubleClick = () => {
    moveTo(defaultShare);
    keep();
  };
  return {
    share,
    bounds,
    handlers: {
      onKeyDown,
      onPointerDown,
      onPointerMove,
      onLostPointerCapture: keep,
      onDoubleClick,
    },
  };
}

/** The panel's share after a key press on the separator; null for a key that does not move it. */
function shareAfterKey(key: string, share: number, { min, max }: Bounds): number | null {
  switch (key) {
    case "ArrowLeft":
      return share + stepPercent;
    case "ArrowRight":
      return share - stepPercent;
    case "PageUp":
      return share - pagePercent;
    case "PageDown":
      return share + pagePercent;
    case "Home":
      return max;
    case "End":
      return min;
    default:
      return null;
  }
}

/** The smallest and largest share at which both sides keep their minimum width. */
function useBounds(panelRef: RefObject<HTMLElement | null>): Bounds {
  const [bounds, setBounds] = useState<Bounds>({ min: 20, max: 80 });
  useEffect(() => {
    const layout = panelRef.current?.parentElement;
    if (!layout) return;
    const observer = new ResizeObserver(([entry]) => {
      const widthPx = entry?.contentRect.width ?? 0;
      const min = (minPanelPx / widthPx) * 100;
      const max = 100 - (minColumnPx / widthPx) * 100;
      if (widthPx > 0) setBounds({ min, max: Math.max(min, max) });
    });
    observer.observe(layout);
    return () => observer.disconnect();
  }, [panelRef]);
  return bounds;
}

function clamp(value: number, { min, max }: Bounds): number {
  return Math.min(max, Math.max(min, value));
}
