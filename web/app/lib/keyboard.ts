import type { KeyboardEvent as ReactKeyboardEvent } from "react";

/**
 * Whether a key event belongs to an input method, such as the Enter that picks a word. Safari marks
 * the last key of a composition only by the code 229.
 */
export function isComposing(event: ReactKeyboardEvent | KeyboardEvent): boolean {
  const { isComposing, keyCode } = "nativeEvent" in event ? event.nativeEvent : event;
  return isComposing || keyCode === 229;
}

/** Whether a modal dialog is open, which disables the page's shortcuts. Browser only. */
export function hasOpenModal(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
