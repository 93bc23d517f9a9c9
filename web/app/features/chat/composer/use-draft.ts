import { type RefObject, useEffect, useState } from "react";
import { readDraft, writeDraft } from "../../../lib/draft.ts";

/**
 * The text in the composer, which survives a reload.
 *
 * @param draftId the chat, or null for a chat that has not started
 */
export function useDraft(
  draftId: string | null,
  textboxRef: RefObject<HTMLTextAreaElement | null>,
): [string, (text: string) => void] {
  const [text, setText] = useState("");

  // After the first render, which must match the server's. Text typed before that wins.
  useEffect(() => {
    setText(textboxRef.current?.value || readDraft(draftId));
  }, [draftId, textboxRef]);

  const change = (next: string) => {
    setText(next);
    writeDraft(draftId, next);
  };
  return [text, change];
}
