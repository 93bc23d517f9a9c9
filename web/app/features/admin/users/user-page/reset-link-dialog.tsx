import type { ResetLinkOutput } from "api-worker/contracts/admin-users";
import { trpc } from "../../../../lib/trpc.ts";
import { Button } from "../../../../ui/button.tsx";
import { CopyField } from "../../../../ui/copy-field.tsx";
import { Modal } from "../../../../ui/modal.tsx";
import { ActionDialog } from "../../frame/action-dialog.tsx";
import { nameOf } from "../user-name.tsx";
import type { UserDialogProps } from "./user-dialogs.tsx";

/** Makes a link with which the user chooses a new password, and shows it once. */
export function ResetLinkDialog({ user, onClose }: UserDialogProps) {
  const create = trpc.admin.users.createResetLink.useMutation();
  if (create.data) return <CreatedLink user={user} link={create.data} onClose={onClose} />;
  return (
    <ActionDialog
      title={`Reset the password of ${nameOf(user)}?`}
      action="Create link"
      mutation={create}
      onSubmit={(reason) => create.mutate({ userId: user.id, reason })}
      onClose={onClose}
      text="You’ll get a link with which they choose a new password. It works once, for 24 hours. Their password stays as it is until then, and an earlier link stops working."
    />
  );
}

function CreatedLink({
  user,
  link,
  onClose,
}: UserDialogProps & { readonly link: ResetLinkOutput }) {
  return (
    <Modal
      title="The link is ready"
      closesOnBackdrop={false}
      onClose={onClose}
      className="max-w-md"
    >
      <p className="mt-1.5 text-muted text-pretty">
        {`Send it to ${nameOf(user)} over a channel you trust: anyone with this link can log in as them. You won’t be able to see it again.`}
      </p>
      <CopyField text={`${window.location.origin}${link.path}`} label="Copy link" />
      <div className="mt-5 flex justify-end">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Modal>
  );
}
