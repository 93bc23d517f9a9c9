import { useRef } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

/** Asks a guest to confirm a logout, because it gives up the chats for good. */
export default function GuestLogOutDialog({
  viewerId,
  onClose,
}: {
  readonly viewerId: string;
  readonly onClose: () => void;
}) {
  const formRef = useRef<HTMLFormElement>(null);
  return (
    <>
      <ConfirmDialog
        title="Log out and lose your chats?"
        action="Log out"
        isPending={false}
        error={null}
        onConfirm={() => formRef.current?.requestSubmit()}
        onClose={onClose}
      >
        Guest chats can’t be recovered after you log out. To keep them, sign up first.
      </ConfirmDialog>
      <form ref={formRef} method="post" action="/logout" hidden>
        <input type="hidden" name="viewer" value={viewerId} />
      </form>
    </>
  );
}
