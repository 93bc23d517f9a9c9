import type { AdminChatOutput } from "api-worker/contracts/admin-chats";
import { useNavigate } from "react-router";
import { trpc } from "../../../lib/trpc.ts";
import { ActionDialog } from "../frame/action-dialog.tsx";
import { nameOf } from "../users/user-name.tsx";

interface OpenChatDialogProps {
  readonly chat: Pick<AdminChatOutput, "owner" | "id">;
  /** The message that the page of the chat begins with; left out for the first of the chat. */
  readonly messageId?: string;
  readonly onClose: () => void;
}

/** Asks why a chat is opened, and opens it for reading. */
export function OpenChatDialog({ chat, messageId, onClose }: OpenChatDialogProps) {
  const navigate = useNavigate();
  const from = messageId === undefined ? "" : `?message=${encodeURIComponent(messageId)}`;
  const open = trpc.admin.chats.open.useMutation({
    onSuccess: ({ accessId }) => navigate(`/admin/chats/${accessId}${from}`),
  });
  return (
    <ActionDialog
      title="Open this chat?"
      action="Open chat"
      needsReason
      mutation={open}
      onSubmit={(reason = "") => open.mutate({ userId: chat.owner.id, chatId: chat.id, reason })}
      onClose={onClose}
      text={`${nameOf(chat.owner)} will see that you opened it, when, and this reason. You can read it for an hour and change nothing.`}
    />
  );
}
