import type { DocumentOutput } from "api-worker/contracts/documents";
import { errorText, isGone } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";

interface DeleteDocumentDialogProps {
  readonly document: DocumentOutput;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before a document is deleted with all its versions. */
export default function DeleteDocumentDialog(props: DeleteDocumentDialogProps) {
  const { document, onClose, onDeleted } = props;
  const utils = trpc.useUtils();
  const done = () => {
    void utils.documents.list.invalidate();
    onDeleted();
  };
  const remove = trpc.documents.delete.useMutation({
    onSuccess: done,
    // A document that another tab has deleted counts as deleted.
    onError: (error) => isGone(error) && done(),
  });
  return (
    <ConfirmDialog
      title="Delete this document?"
      action="Delete"
      isPending={remove.isPending}
      error={remove.isError && !isGone(remove.error) ? errorText(remove.error) : null}
      onConfirm={() => remove.mutate({ documentId: document.id })}
      onClose={onClose}
    >
      “{document.title}” will be permanently deleted with all its versions. This can’t be undone.
    </ConfirmDialog>
  );
}
