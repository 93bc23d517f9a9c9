import { type FormEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { errorText } from "../../../lib/error-text.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { TextField } from "../../../ui/text-field.tsx";
import { useDeleteAllChats } from "../use-chat-changes.ts";

/** What one has to type: nobody does that by mistake. */
const words = "delete all";

/** Deletes all chats, after the person has typed that. Open as long as it is mounted. */
export default function DeleteAllDialog({ onClose }: { onClose: () => void }) {
  const dialogRef = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const remove = useDeleteAllChats();
  const navigate = useNavigate();
  const [hasTyped, setHasTyped] = useState(false);
  useLayoutEffect(() => {
    const dialog = dialogRef.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!hasTyped || remove.isPending) return;
    remove.mutate(undefined, {
      onSuccess() {
        navigate("/", { replace: true });
        onClose();
      },
    });
  }

  return (
    <dialog
      ref={dialogRef}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!remove.isPending) onClose();
      }}
      className={
        "m-auto w-[calc(100%-2.5rem)] max-w-md rounded-2xl border border-line bg-raised p-0 text-ink " +
        "shadow-float backdrop:bg-scrim"
      }
    >
      <form onSubmit={submit} className="p-6">
        <h2 id={titleId} className="text-lg font-semibold tracking-tight">
          Delete all chats?
        </h2>
        <p className="mt-1.5 mb-4 text-muted">
          Every chat with all its messages will be gone for good, on all devices. Save them first if
          you may want them again.
        </p>
        <Alert>{remove.isError ? errorText(remove.error) : null}</Alert>
        <TextField
          label={`Type “${words}” to go on`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setHasTyped(event.target.value.trim().toLowerCase() === words)}
        />
        <div className="mt-5 flex justify-end gap-3">
          <Button onClick={onClose} disabled={remove.isPending}>
            Cancel
          </Button>
          <Button type="submit" look="danger" disabled={!hasTyped} isPending={remove.isPending}>
            Delete all
          </Button>
        </div>
      </form>
    </dialog>
  );
}
