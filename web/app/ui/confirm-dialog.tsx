import { type ReactNode, useId } from "react";
import { Alert } from "./alert.tsx";
import { Button } from "./button.tsx";
import { Modal } from "./modal.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  /** The confirming button's label: the action, not "OK". */
  readonly action: string;
  readonly isPending: boolean;
  readonly error: string | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks for confirmation of something that can't be undone. Open as long as it is mounted. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, isPending, error, onConfirm, onClose, children } = props;
  const textId = useId();
  return (
    <Modal
      title={title}
      describedBy={textId}
      isLocked={isPending}
      onClose={onClose}
      className="max-w-md"
    >
      <p id={textId} className="mt-1.5 mb-5 text-muted wrap-anywhere">
        {children}
      </p>
      <Alert>{error}</Alert>
      <div className="flex justify-end gap-3">
        <Button onClick={onClose} disabled={isPending}>
          Cancel
        </Button>
        <Button look="danger" onClick={onConfirm} isPending={isPending}>
          {action}
        </Button>
      </div>
    </Modal>
  );
}
