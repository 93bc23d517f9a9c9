import { Pencil } from "lucide-react";
import { useRef } from "react";
import { flushSync } from "react-dom";
import { IconButton } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { messageHtml } from "../clipboard/lazy-clipboard.ts";
import { type ChatMessage, filesOf, messageText } from "../message.ts";
import { useMessageTools } from "../message-actions.ts";
import { MessageTime } from "../toolbar/message-time.tsx";
import { Toolbar } from "../toolbar/message-toolbar.tsx";
import { LazyLegacyPart } from "./lazy-legacy-part.tsx";
import { MessageEditor } from "./message-editor.tsx";
import { MessageFiles } from "./message-files.tsx";

interface UserMessageProps {
  readonly message: ChatMessage;
  readonly versions: readonly string[] | undefined;
  readonly isEdited: boolean;
}

/** A question, which its author can edit in place. */
export function UserMessage({ message, versions, isEdited }: UserMessageProps) {
  const tools = useMessageTools();
  const editRef = useRef<HTMLButtonElement>(null);
  const text = messageText(message);
  if (isEdited && tools) {
    const close = () => {
      flushSync(() => tools.actions.setEdited(null));
      editRef.current?.focus();
    };
    return (
      <div className="flex w-full flex-col gap-2">
        <MessageFiles message={message} />
        <MessageEditor
          messageId={message.id}
          text={text}
          canBeEmpty={filesOf(message).length > 0}
          onSend={(edited) => tools.actions.edit(message.id, edited)}
          onClose={close}
        />
      </div>
    );
  }
  return (
    <div className="flex max-w-[85%] flex-col items-end gap-1 self-end">
      <MessageFiles message={message} />
      {text !== "" && <MessageBubble text={text} />}
      {message.parts.map(
        (part, index) => part.type === "data-legacy" && <LazyLegacyPart key={index} part={part} />,
      )}
      <Toolbar
        versions={versions}
        messageId={message.id}
        className="-me-1 -mb-4 flex-row-reverse justify-start"
      >
        <MessageTime atMs={message.metadata?.createdAt} />
        {text !== "" && <CopyButton text={text} html={messageHtml} label="Copy message" />}
        {tools && (
          <IconButton
            ref={editRef}
            label="Edit message"
            className="size-9 max-md:size-10"
            onClick={() => tools.actions.setEdited(message.id)}
          >
            <Pencil size={16} aria-hidden />
          </IconButton>
        )}
      </Toolbar>
    </div>
  );
}

/** The text of a question. */
export function MessageBubble({ text }: { text: string }) {
  return (
    <div
      dir="auto"
      data-copied=""
      className="max-w-full rounded-3xl bg-hover px-4 py-2.5 whitespace-pre-wrap wrap-anywhere [unicode-bidi:plaintext] print:border print:border-line-strong"
    >
      {text}
    </div>
  );
}
