import type { KeyboardEvent as ReactKeyboardEvent } from "react";

/** Whether a key event belongs to an input method, such as the Enter that picks a word. */
function isComposing(event: ReactKeyboardEvent | KeyboardEvent): boolean {
  const { isComposing, keyCode } = "nativeEvent" in event ? event.nativeEvent : event;
  // Safari ends the composition before its last key, which it marks only by the code 229.
  return isComposing || keyCode === 229;
}

/**
 * Wraps a key handler so that it never gets a key of an input method. Every key handler of the app
 * goes through here (`scripts/key-handlers.test.ts`): a half-written word must not be sent, saved or
 * lost.
 *
 * @param onComposing called with the keys of input methods, for elements that handle keys themselves
 *   and must be kept from it
 */
export function ignoringComposition<Event extends ReactKeyboardEvent | KeyboardEvent>(
  handler: (event: Event) => void,
  onComposing?: (event: Event) => void,
): (event: Event) => void {
  return (event) => (isComposing(event) ? onComposing?.(event) : handler(event));
}

/** Whether a modal dialog is open, which disables the page's shortcuts. Browser only. */
export function hasOpenModal(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
