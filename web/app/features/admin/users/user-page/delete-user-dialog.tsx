import { confirmTextOf } from "api-worker/contracts/admin-users";
import { useState } from "react";
import { useNavigate } from "react-router";
import { readError } from "../../../../lib/error-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { TextField } from "../../../../ui/text-field.tsx";
import { ActionDialog } from "../../frame/action-dialog.tsx";
import { nameOf } from "../user-name.tsx";
import type { UserDialogProps } from "./user-dialogs.tsx";

/** Deletes a user with all data, once the address or the guest's name has been typed. */
export function DeleteUserDialog({ user, onClose }: UserDialogProps) {
  const utils = trpc.useUtils();
  const navigate = useNavigate();
  const [hint, setHint] = useState<string>();
  const words = confirmTextOf(user);
  const remove = trpc.admin.users.delete.useMutation({
    async onSuccess() {
      await utils.admin.users.list.invalidate();
      navigate("/admin/users", { replace: true });
    },
  });
  return (
    <ActionDialog
      title={`Delete ${nameOf(user)}?`}
      action="Delete user"
      isDangerous
      mutation={remove}
      onSubmit={(reason, form) => {
        const confirmation = String(form.get("confirmation")).trim();
        const isRight = confirmation.toLowerCase() === words;
        setHint(isRight ? undefined : `Type “${words}” to confirm.`);
        if (isRight) remove.mutate({ userId: user.id, confirmation, reason });
      }}
      onClose={onClose}
      text="The account and everything in it is deleted for good: chats, documents, files, streams, sessions and tokens. If this is interrupted, delete the user again."
    >
      <TextField
        label={user.isGuest ? `Type “${words}” to confirm` : "Type the email address to confirm"}
        name="confirmation"
        autoComplete="off"
        spellCheck={false}
        error={hint ?? (remove.error ? readError(remove.error).fields.confirmation : undefined)}
      />
    </ActionDialog>
  );
}
