import { type KeyboardEvent, useEffect, useRef } from "react";
import { errorText } from "../../lib/error-text.ts";
import { ignoringComposition } from "../../lib/keyboard.ts";
import type { ListedChat } from "./listed-chat.ts";
import { useRenameChat } from "./use-chat-changes.ts";

interface RenameFieldProps {
  readonly chat: ListedChat;
  /** `hasFocus`: the field had the focus, which the caller must now move. */
  readonly onClose: (end: { hasFocus: boolean }) => void;
}

/**
 * A text field for a chat's title. Enter and blur save; Escape cancels. The field has no length of
 * its own, because browsers cut a pasted text there inside a character.
 */
export function RenameField({ chat, onClose }: RenameFieldProps) {
  const inputRef = useRef<HTMLInputElement>(null);
  const isLeaving = useRef(false);
  const rename = useRenameChat();

  useEffect(() => inputRef.current?.select(), []);

  function save() {
    const title = inputRef.current?.value.trim() ?? "";
    if (isLeaving.current || rename.isPending) return;
    if (title === "" || title === chat.title) return leave();
    rename.mutate({ chatId: chat.id, title }, { onSuccess: leave });
  }

  function leave() {
    // Removing the field blurs it, which must not save again.
    isLeaving.current = true;
    onClose({ hasFocus: document.activeElement === inputRef.current });
  }

  const onKeyDown = ignoringComposition((event: KeyboardEvent) => {
    if (event.key === "Enter") save();
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    }
  });

  return (
    <>
      <input
        ref={inputRef}
        aria-label="Chat title"
        dir="auto"
        aria-invalid={rename.isError || undefined}
        defaultValue={chat.title}
        readOnly={rename.isPending}
        onBlur={save}
        onKeyDown={onKeyDown}
        className={
          "h-9 w-full rounded-lg border border-accent bg-raised px-3 read-only:opacity-60 " +
          "focus-visible:outline-offset-0 max-md:h-11 max-md:text-base"
        }
      />
      <p role="alert" className="px-3 text-sm text-danger empty:hidden">
        {rename.isError && errorText(rename.error)}
      </p>
    </>
  );
}
