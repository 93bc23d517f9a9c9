import type { ListedUploadOutput, UploadListOutput } from "api-worker/contracts";
import { errorText, isGone } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { fileSorts } from "./file-sort.ts";

interface DeleteFileDialogProps {
  readonly file: ListedUploadOutput;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before a file is deleted, and says what happens to the messages that contain it. */
export function DeleteFileDialog({ file, onClose, onDeleted }: DeleteFileDialogProps) {
  const utils = trpc.useUtils();
  const done = () => {
    for (const sort of fileSorts) {
      utils.uploads.list.setInfiniteData({ sort }, (list) => list && withoutFile(list, file));
    }
    void utils.uploads.list.invalidate();
    // Open chats still show the file.
    void utils.messages.list.invalidate();
    onDeleted();
  };
  const remove = trpc.uploads.delete.useMutation({
    onSuccess: done,
    // A file that another tab has deleted counts as deleted.
    onError: (error) => isGone(error) && done(),
  });
  const isUsed = file.useCount > 0;
  const messages =
    file.useCount === 1
      ? "The message that contains it will say"
      : "The messages that contain it will say";
  return (
    <ConfirmDialog
      title="Delete this file?"
      action="Delete"
      isPending={remove.isPending}
      error={remove.isError && !isGone(remove.error) ? errorText(remove.error) : null}
      onConfirm={() => remove.mutate({ uploadId: file.id })}
      onClose={onClose}
    >
      “{file.name}” will be permanently deleted for everyone.
      {isUsed && ` ${messages} so, and models will no longer receive it.`} This can’t be undone.
    </ConfirmDialog>
  );
}

/** The list without a file, and with its bytes taken off the used storage. */
function withoutFile<List extends { pages: UploadListOutput[] }>(
  list: List,
  { id, bytes }: ListedUploadOutput,
): List {
  const pages = list.pages.map(({ items, storage, ...page }) => ({
    ...page,
    items: items.filter((item) => item.id !== id),
    storage: {
      ...storage,
      usedBytes: Math.max(0, storage.usedBytes - bytes),
      fileBytes: Math.max(0, storage.fileBytes - bytes),
    },
  }));
  return { ...list, pages };
}
