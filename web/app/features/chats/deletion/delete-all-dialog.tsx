import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { errorText } from "../../../lib/error-text.ts";
import { Alert } from "../../../ui/alert.tsx";
import { Button } from "../../../ui/button.tsx";
import { Modal } from "../../../ui/modal.tsx";
import { TextField } from "../../../ui/text-field.tsx";
import { useDeleteAllChats } from "../use-chat-changes.ts";

/** What the user must type, so that nothing is deleted by accident. */
const words = "delete all";

/** Deletes all chats after the user has typed the words. Open as long as it is mounted. */
export default function DeleteAllDialog({ onClose }: { onClose: () => void }) {
  const remove = useDeleteAllChats();
  const navigate = useNavigate();
  const [hasTyped, setHasTyped] = useState(false);

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
    <Modal
      title="Delete all chats?"
      isLocked={remove.isPending}
      closesOnBackdrop={false}
      onClose={onClose}
      className="max-w-md"
    >
      <form onSubmit={submit}>
        <p className="mt-1.5 mb-4 text-muted">
          All your chats and messages will be permanently deleted on all your devices. Export them
          first if you might need them.
        </p>
        <Alert>{remove.isError ? errorText(remove.error) : null}</Alert>
        <TextField
          label={`Type “${words}” to confirm`}
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
    </Modal>
  );
}
