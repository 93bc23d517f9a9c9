import { useRef } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

/** Asks a guest who is about to leave the chats behind for good. */
export default function GuestLogOutDialog({ onClose }: { onClose: () => void }) {
  const formRef = useRef<HTMLFormElement>(null);
  return (
    <>
      <ConfirmDialog
        title="Leave your chats behind?"
        action="Log out"
        isPending={false}
        error={null}
        onConfirm={() => formRef.current?.requestSubmit()}
        onClose={onClose}
      >
        A guest who logs out cannot come back to the chats. Sign up first, and they stay with you.
      </ConfirmDialog>
      <form ref={formRef} method="post" action="/logout" hidden />
    </>
  );
}
