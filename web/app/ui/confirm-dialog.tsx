import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Alert } from "./alert.tsx";
import { Button } from "./button.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  /** What the confirming button says: the deed, not "OK". */
  readonly action: string;
  readonly isPending: boolean;
  readonly error: string | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Asks before something that cannot be undone. Open as long as it is mounted. The browser's own modal
 * dialog keeps the focus inside, closes on Escape, and gives the focus back.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, isPending, error, onConfirm, onClose, children } = props;
  const dialogRef = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const textId = useId();

  // Before it leaves the document: a dialog that is gone gives no focus back.
  useLayoutEffect(() => {
    const dialog = dialogRef.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; keys have Escape.
    <dialog
      ref={dialogRef}
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        // React takes it away; the browser closing it by itself would leave it mounted and unseen.
        event.preventDefault();
        if (!isPending) onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && !isPending) onClose();
      }}
      className={
        "m-auto w-[calc(100%-2.5rem)] max-w-md rounded-2xl border border-line bg-raised p-0 text-ink " +
        "shadow-float backdrop:bg-scrim"
      }
    >
      <div className="p-6">
        <h2 id={titleId} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
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
      </div>
    </dialog>
  );
}
