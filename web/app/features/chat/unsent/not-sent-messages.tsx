import { CircleAlert } from "lucide-react";
import { Button } from "../../../ui/button.tsx";
import { MessageFiles } from "../../messages/content/message-files.tsx";
import { MessageBubble } from "../../messages/content/user-message.tsx";
import { userMessage } from "../../messages/message.ts";
import type { UnsentMessage } from "./unsent-messages.ts";

interface NotSentMessagesProps {
  readonly messages: readonly UnsentMessage[];
  /** Whether an answer is being written, so that nothing can be sent. */
  readonly isBlocked: boolean;
  readonly onSendAgain: (messageId: string) => void;
  /** Puts a message back into the composer. */
  readonly onEdit: (messageId: string) => void;
}

/** Messages that were sent before the page was closed or reloaded, and may not have arrived. */
export function NotSentMessages(props: NotSentMessagesProps) {
  return props.messages.map((message) => (
    <NotSentMessage key={message.id} {...props} message={message} />
  ));
}

function NotSentMessage({
  message: { id, text, files },
  isBlocked,
  onSendAgain,
  onEdit,
}: NotSentMessagesProps & { readonly message: UnsentMessage }) {
  return (
    <article
      data-role="user"
      data-message-id={id}
      data-status="not-sent"
      tabIndex={-1}
      aria-label="You, not sent"
      className="mx-auto flex w-full max-w-3xl flex-col px-4 outline-none sm:px-6 print:hidden"
    >
      <div className="flex max-w-[85%] flex-col items-end gap-2 self-end">
        <MessageFiles message={userMessage(id, "", undefined, files)} />
        {text !== "" && <MessageBubble text={text} />}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <p className="flex items-center gap-1.5 text-sm text-danger">
            <CircleAlert size={16} aria-hidden className="shrink-0" />
            Not sent
          </p>
          <Button isSmall disabled={isBlocked} onClick={() => onSendAgain(id)}>
            Send again
          </Button>
          <Button isSmall onClick={() => onEdit(id)}>
            Edit
          </Button>
        </div>
      </div>
    </article>
  );
}
