import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { hasOpenModal, ignoringComposition } from "../../../lib/keyboard.ts";
import type { OpenPanel } from "./open-panel.ts";

/** From this width on (Tailwind's `lg`), the panel is beside the column; below, it covers the column. */
const besideFrom = "(min-width: 64rem)";

type Options = Pick<OpenPanel, "key" | "openerRef" | "onClose">;

/**
 * Makes a panel usable by keyboard: it takes the focus when it opens, Escape closes it, and closing
 * returns the focus.
 */
export function usePanelKeys(panelRef: RefObject<HTMLElement | null>, options: Options): void {
  useFocus(panelRef, options);
  useEscape(panelRef, options.onClose);
}

function useFocus(
  panelRef: RefObject<HTMLElement | null>,
  { key, openerRef }: Pick<Options, "key" | "openerRef">,
): void {
  // The key is a dependency, so that a panel that replaces another takes the focus as well.
  useEffect(() => {
    const isCovering = !matchMedia(besideFrom).matches;
    // A panel that the page loaded with leaves the focus to the composer, unless it covers it.
    if (openerRef.current || isCovering) panelRef.current?.focus({ preventScroll: true });
  }, [key, panelRef, openerRef]);

  const hadFocus = useRef(false);
  // A layout effect ends while the panel is still in the document, an effect only after the column
  // is uncovered and can take the focus.
  useLayoutEffect(() => {
    const panel = panelRef.current;
    return () => {
      hadFocus.current = panel?.contains(document.activeElement) ?? false;
    };
  }, [panelRef]);
  useEffect(
    () => () => {
      const opener = openerRef.current;
      openerRef.current = null;
      // Otherwise the reader has already moved the focus elsewhere.
      if (!hadFocus.current) return;
      const back = opener?.isConnected ? opener : document.getElementById("main");
      if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    },
    [openerRef],
  );
}

function useEscape(panelRef: RefObject<HTMLElement | null>, onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.shiftKey || event.defaultPrevented) return;
      if (hasOpenModal()) return;
      // In the column and in menus, Escape has another meaning.
      const { target } = event;
      const isOurs = target === document.body || panelRef.current?.contains(target as Node);
      if (!isOurs) return;
      event.preventDefault();
      close();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [panelRef]);
}
