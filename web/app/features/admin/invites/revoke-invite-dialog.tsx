import type { InviteOutput } from "api-worker/contracts/admin-invites";
import { trpc } from "../../../lib/trpc.ts";
import { ActionDialog } from "../frame/action-dialog.tsx";

interface RevokeInviteDialogProps {
  readonly invite: InviteOutput;
  readonly onClose: () => void;
}

export function RevokeInviteDialog({ invite, onClose }: RevokeInviteDialogProps) {
  const utils = trpc.useUtils();
  const revoke = trpc.admin.invites.revoke.useMutation({
    async onSuccess() {
      await utils.admin.invites.list.invalidate();
      onClose();
    },
  });
  return (
    <ActionDialog
      title={
        invite.email ? `Revoke the invitation for ${invite.email}?` : "Revoke this invitation?"
      }
      action="Revoke"
      isDangerous
      mutation={revoke}
      onSubmit={(reason) => revoke.mutate({ inviteId: invite.id, reason })}
      onClose={onClose}
      text="The link stops working at once. Accounts that were created with it stay."
    />
  );
}
