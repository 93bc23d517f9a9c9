import { type RefObject, useLayoutEffect, useState } from "react";
import { readDraft, writeDraft } from "../../../lib/draft.ts";

/** The text in a chat's composer, which survives a reload. */
export function useDraft(
  chatId: string,
  textboxRef: RefObject<HTMLTextAreaElement | null>,
): [string, (text: string) => void] {
  const [text, setText] = useState("");

  // After the first render, which must match the server's, and before the first key: a key that
  // came first would be stored over the draft. What was typed into the server's page comes last.
  useLayoutEffect(() => {
    const typed = textboxRef.current?.value ?? "";
    const next = readDraft(chatId) + typed;
    if (typed !== "") writeDraft(chatId, next);
    setText(next);
  }, [chatId, textboxRef]);

  const change = (next: string) => {
    setText(next);
    writeDraft(chatId, next);
  };
  return [text, change];
}
