import { type RefObject, useEffect, useEffectEvent } from "react";
import { hasOpenModal, ignoringComposition } from "../../../lib/keyboard.ts";

/**
 * The page's keyboard shortcuts, none of which a browser uses itself.
 *
 * @param textboxRef the message box
 */
export function useShortcuts(
  textboxRef: RefObject<HTMLTextAreaElement | null>,
  onHelp: () => void,
): void {
  const showHelp = useEffectEvent(onHelp);
  useEffect(() => {
    const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
      if (event.defaultPrevented || hasOpenModal()) return;
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
      const isWriting = event.target instanceof HTMLElement && canWrite(event.target);
      const isPlain = !isWriting && !isCommand && !event.altKey;
      if ((isCommand && event.key === "/") || (isPlain && event.key === "?")) showHelp();
      else if (event.key === "Escape" && event.shiftKey) textboxRef.current?.focus();
      else return;
      event.preventDefault();
    });
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [textboxRef]);
}

function canWrite(element: HTMLElement): boolean {
  return element.isContentEditable || element.matches("input, textarea, select");
}
