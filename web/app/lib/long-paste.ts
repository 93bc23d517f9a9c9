import { limits } from "api-worker/contracts/limits";
import type { ClipboardEvent } from "react";

/**
 * The text of a paste that is longer than a message may be. Browsers lay out a text box whole: one
 * with 20,000 lines stops the page at each key.
 *
 * @returns null for a paste that fits, or without text
 */
export function longPasteOf({ clipboardData }: ClipboardEvent): string | null {
  // As a text box would have it.
  const text = clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
  return text.length > limits.messageTextMaxLength ? text : null;
}

/** Whether a person may want to shorten a text that is too long for a message. */
export function isWorthShortening({ length }: string): boolean {
  return length <= 2 * limits.messageTextMaxLength;
}

/** Says how much too long a text is. */
export function lengthText({ length }: string): string {
  const count = (value: number) => value.toLocaleString("en");
  return `${count(length)} of ${count(limits.messageTextMaxLength)} characters`;
}
