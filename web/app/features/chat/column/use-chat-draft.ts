import { type RefObject, useEffect, useRef } from "react";
import { inFrontOf } from "../../../lib/draft.ts";
import { preloadCopying } from "../../messages/clipboard/lazy-clipboard.ts";
import { toUpload } from "../../messages/content/file-part.ts";
import { preloadMarkdown } from "../../messages/markdown/lazy-markdown.tsx";
import { rehearseSoon } from "../../messages/stream/rehearse-answer.ts";
import { type DraftUploads, useDraftUploads } from "../../uploads/draft/use-draft-uploads.ts";
import { useFocusOnDesktop } from "../composer/composer.tsx";
import { useDraft } from "../composer/use-draft.ts";
import { type LongPaste, useLongPaste } from "../composer/use-long-paste.ts";
import type { OpenChat } from "../session/use-open-chat.ts";

/** The unsent message in the composer, and its textbox. */
export interface ChatDraft {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly uploads: DraftUploads;
  readonly longPaste: LongPaste;
  readonly textboxRef: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Keeps the unsent message of a chat. A message that could not be sent returns to the composer, in
 * front of what was typed since.
 *
 * @param onProblem called with the reason when a file could not be attached; with null when one was
 */
export function useChatDraft(
  { chatId, session, state: { unsent } }: OpenChat,
  onProblem: (problem: string | null) => void,
): ChatDraft {
  const textboxRef = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(chatId, textboxRef);
  const isWriting = text !== "";
  useEffect(() => {
    if (!isWriting) return;
    // At the press of Send they would delay the first word of the answer.
    preloadMarkdown();
    preloadCopying();
    rehearseSoon();
    session.wake();
  }, [isWriting, session]);
  const longPaste = useLongPaste(chatId);
  useFocusOnDesktop(textboxRef);
  const uploads = useDraftUploads(chatId, onProblem);
  useEffect(() => {
    if (!unsent) return;
    setText(inFrontOf(text, unsent.text));
    uploads.restore(unsent.files.flatMap((part) => toUpload(part) ?? []));
    session.takeUnsent();
  }, [unsent]);
  return { text, setText, uploads, longPaste, textboxRef };
}
