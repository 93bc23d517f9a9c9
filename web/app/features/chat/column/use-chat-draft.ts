import { type RefObject, useEffect, useRef } from "react";
import { toUpload } from "../../messages/content/file-part.ts";
import { type DraftUploads, useDraftUploads } from "../../uploads/draft/use-draft-uploads.ts";
import { useFocusOnDesktop } from "../composer/composer.tsx";
import { useDraft } from "../composer/use-draft.ts";
import type { OpenChat } from "../session/use-open-chat.ts";

/** The unsent message in the composer, and its textbox. */
export interface ChatDraft {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly uploads: DraftUploads;
  readonly textboxRef: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Keeps the unsent message of a chat. A message that could not be sent returns to the composer, in
 * front of what was typed since.
 *
 * @param onProblem called with the reason when a file could not be attached; with null when one was
 */
export function useChatDraft(
  { chatId, isNew, session, state: { unsent } }: OpenChat,
  onProblem: (problem: string | null) => void,
): ChatDraft {
  const draftId = isNew ? null : chatId;
  const textboxRef = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(draftId, textboxRef);
  useFocusOnDesktop(textboxRef);
  const uploads = useDraftUploads(chatId, draftId, onProblem);
  useEffect(() => {
    if (!unsent) return;
    const isEmpty = text.trim() === "";
    setText(isEmpty || unsent.text === "" ? unsent.text + text : `${unsent.text}\n\n${text}`);
    uploads.restore(unsent.files.flatMap((part) => toUpload(part) ?? []));
    session.takeUnsent();
  }, [unsent]);
  return { text, setText, uploads, textboxRef };
}
