import { useLayoutEffect, useState } from "react";
import { inFrontOf, readDraft, writeDraft } from "../../../lib/draft.ts";

/** A pasted text that is too long for a message. It is kept beside the draft, and survives a reload. */
export interface LongPaste {
  /** Empty when there is none. */
  readonly text: string;
  /** Adds a pasted text after the one that is kept already. */
  add(text: string): void;
  clear(): void;
}

/** The id under which the long paste of a chat is kept, as a draft. */
export function longPasteId(chatId: string): string {
  return `paste:${chatId}`;
}

export function useLongPaste(chatId: string): LongPaste {
  const [text, setText] = useState("");
  // After the first render, which must match the server's.
  useLayoutEffect(() => setText(readDraft(longPasteId(chatId))), [chatId]);
  const change = (next: string) => {
    setText(next);
    writeDraft(longPasteId(chatId), next);
  };
  return {
    text,
    // A text that is pasted again is not added.
    add: (pasted) => pasted !== text && change(inFrontOf(pasted, text)),
    clear: () => change(""),
  };
}
