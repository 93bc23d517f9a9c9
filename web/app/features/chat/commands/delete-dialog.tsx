import { DeleteChatDialog } from "../../chats/delete-chat-dialog.tsx";

interface DeleteDialogProps {
  readonly chatId: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** Asks before the open chat is deleted; fetched when it is wanted. */
export default function DeleteDialog({ chatId, title, onClose }: DeleteDialogProps) {
  const chat = { id: chatId, title, updatedAt: 0 };
  return <DeleteChatDialog chat={chat} onClose={onClose} onDeleted={onClose} />;
}
