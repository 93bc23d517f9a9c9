import type { ViewerOutput } from "api-worker/contracts/auth";
import { useId } from "react";
import { Button } from "../../ui/button.tsx";
import { Modal } from "../../ui/modal.tsx";

interface OtherViewerDialogProps {
  /** The user whom the page shows. */
  readonly shown: ViewerOutput;
  /** The user who is logged in now. */
  readonly viewer: ViewerOutput;
  readonly onClose: () => void;
}

/**
 * Says who is logged in now, and leads to that user's chats. It can be closed, to read on; what the
 * user asks of the page then is refused, and brings it back.
 */
export default function OtherViewerDialog({ shown, viewer, onClose }: OtherViewerDialogProps) {
  const textId = useId();
  const name = nameOf(viewer);
  return (
    <Modal
      title={`You’re now logged in as ${name}`}
      describedBy={textId}
      onClose={onClose}
      className="max-w-md"
    >
      <p id={textId} className="mt-1.5 mb-5 text-muted wrap-anywhere">
        This page belongs to {nameOf(shown)}, so nothing can be sent from it any more. If you need
        text that you haven’t sent, copy it first: continuing deletes {nameOf(shown)}’s drafts from
        this browser.
      </p>
      <div className="flex flex-wrap justify-end gap-3">
        <Button onClick={onClose}>Stay on this page</Button>
        {/* A new document, so that nothing of the other user stays in memory. */}
        <Button look="primary" onClick={() => location.assign("/")}>
          Continue as {name}
        </Button>
      </div>
    </Modal>
  );
}

function nameOf({ email, name, isGuest }: ViewerOutput): string {
  return name ?? email ?? (isGuest ? "a guest" : "another user");
}
