import type { KeyboardEvent } from "react";

/**
 * Whether a key belongs to an open input method, as the Enter that chooses a word does. Safari
 * reports the last key of a composition by the code 229 alone.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

/** Whether a modal dialog is open, behind which the shortcuts of the page do nothing. Browser only. */
export function hasOpenModal(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
