import { useNavigate, useParams } from "react-router";
import { errorText } from "../../lib/error-text.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import type { Chat } from "./chat-row.tsx";
import { useDeleteChat } from "./use-chat-changes.ts";

interface DeleteChatDialogProps {
  readonly chat: Chat;
  /** Without having deleted anything. */
  readonly onClose: () => void;
  /** The chat is gone, and with it the row that had the focus. */
  readonly onDeleted: () => void;
}

/** Asks before a chat is deleted for good. Deleting the open chat leads to a new one. */
export function DeleteChatDialog({ chat, onClose, onDeleted }: DeleteChatDialogProps) {
  const remove = useDeleteChat();
  const navigate = useNavigate();
  const { chatId: openChatId } = useParams();

  function confirm() {
    remove.mutate(
      { chatId: chat.id },
      {
        onSuccess() {
          if (openChatId === chat.id) navigate("/", { replace: true });
          onDeleted();
        },
      },
    );
  }

  return (
    <ConfirmDialog
      title="Delete this chat?"
      action="Delete"
      isPending={remove.isPending}
      error={remove.isError ? errorText(remove.error) : null}
      onConfirm={confirm}
      onClose={onClose}
    >
      “{chat.title}” and all its messages will be gone for good.
    </ConfirmDialog>
  );
}
