import { limits } from "api-worker/contracts/limits";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { readDraft, writeDraft } from "../../../lib/draft.ts";
import { isSendKey, useEnterKey } from "../../../lib/enter-key.ts";
import { ignoringComposition } from "../../../lib/keyboard.ts";
import { lengthText, longPasteOf } from "../../../lib/long-paste.ts";
import { Button } from "../../../ui/button.tsx";
import { GrowingTextarea } from "../../../ui/growing-textarea.tsx";

interface MessageEditorProps {
  readonly messageId: string;
  readonly text: string;
  /** Whether the message has files, which stay and can be sent without text. */
  readonly canBeEmpty: boolean;
  readonly onSend: (text: string) => void;
  readonly onClose: () => void;
}

/** Drops the unsent edit of a message. */
export function forgetEdit(messageId: string): void {
  writeDraft(draftId(messageId), "");
}

function draftId(messageId: string): string {
  return `edit:${messageId}`;
}

/**
 * Edits a question in place. Escape closes the editor and keeps the text for next time, also across
 * a reload. "Cancel" drops it.
 */
export function MessageEditor(props: MessageEditorProps) {
  const { messageId, text, canBeEmpty, onSend, onClose } = props;
  const id = useId();
  const enterKey = useEnterKey();
  const textboxRef = useRef<HTMLTextAreaElement>(null);
  // Opened only by the reader, so there is no server HTML to match.
  const [draft, setDraft] = useState(() => readDraft(draftId(messageId)) || text);
  /** The length of a paste that was refused. */
  const [longPaste, setLongPaste] = useState<string | null>(null);
  const isTooLong = draft.length > limits.messageTextMaxLength;
  const canSend = (canBeEmpty || draft.trim() !== "") && !isTooLong;

  useEffect(() => {
    const textbox = textboxRef.current;
    textbox?.focus();
    textbox?.setSelectionRange(textbox.value.length, textbox.value.length);
  }, []);

  const change = (next: string) => {
    setDraft(next);
    writeDraft(draftId(messageId), next === text ? "" : next);
  };
  const send = () => canSend && onSend(draft.trim());
  const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    } else if (isSendKey(event)) {
      event.preventDefault();
      send();
    }
  });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="w-full rounded-3xl border border-line-strong/60 bg-raised p-2.5 shadow-raised has-[textarea:focus-visible]:border-accent"
    >
      <label htmlFor={id} className="sr-only">
        Edit message
      </label>
      <GrowingTextarea
        id={id}
        ref={textboxRef}
        value={draft}
        onText={change}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const long = longPasteOf(event);
          setLongPaste(long && lengthText(long));
          if (long !== null) event.preventDefault();
        }}
        aria-describedby={`${id}-note`}
        aria-invalid={isTooLong || undefined}
        enterKeyHint={enterKey === "send" ? "send" : "enter"}
        boxClassName="max-h-72 *:px-2.5 *:pt-1"
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p id={`${id}-note`} className="min-w-40 flex-1 ps-2.5 text-xs text-muted">
          {isTooLong
            ? `This message is too long to send: ${lengthText(draft)}.`
            : "The current version is kept."}
          {longPaste !== null && (
            <span role="alert" className="block text-danger">
              The text you pasted is too long to send: {longPaste}. It wasn’t inserted.
            </span>
          )}
        </p>
        <Button
          isSmall
          onClick={() => {
            forgetEdit(messageId);
            onClose();
          }}
        >
          Cancel
        </Button>
        <Button isSmall type="submit" look="primary" disabled={!canSend}>
          Send
        </Button>
      </div>
    </form>
  );
}
