import type { UserOutput } from "api-worker/contracts/admin-users";
import { trpc } from "../../../../lib/trpc.ts";
import { TokenChoice } from "../../../auth/token-choice.tsx";
import { ActionDialog } from "../../frame/action-dialog.tsx";
import { nameOf } from "../user-name.tsx";

export interface UserDialogProps {
  readonly user: UserOutput;
  readonly onClose: () => void;
}

/** What follows a change of a user: the pages show it, and the dialog closes. */
function useChanged(onClose: () => void) {
  const utils = trpc.useUtils();
  return {
    async onSuccess() {
      await utils.admin.users.invalidate();
      onClose();
    },
  };
}

export function RoleDialog({ user, onClose }: UserDialogProps) {
  const setRole = trpc.admin.users.setRole.useMutation(useChanged(onClose));
  const isAdmin = user.role === "admin";
  return (
    <ActionDialog
      title={
        isAdmin
          ? `Remove ${nameOf(user)} as administrator?`
          : `Make ${nameOf(user)} an administrator?`
      }
      action={isAdmin ? "Remove" : "Make administrator"}
      isDangerous={isAdmin}
      mutation={setRole}
      onSubmit={(reason) =>
        setRole.mutate({ userId: user.id, role: isAdmin ? "user" : "admin", reason })
      }
      onClose={onClose}
      text={
        isAdmin
          ? "They’ll lose access to these pages at once. Their own chats stay as they are."
          : "Administrators see and manage all users, and can open their files."
      }
    />
  );
}

export function DisableDialog({ user, onClose }: UserDialogProps) {
  const disable = trpc.admin.users.disable.useMutation(useChanged(onClose));
  return (
    <ActionDialog
      title={`Disable ${nameOf(user)}?`}
      action="Disable"
      isDangerous
      mutation={disable}
      onSubmit={(reason) => disable.mutate({ userId: user.id, reason })}
      onClose={onClose}
      text="They’ll be logged out everywhere, their API tokens are revoked, and answers in progress stop. Their data is kept, and shared chats are hidden until you enable them again."
    />
  );
}

export function EnableDialog({ user, onClose }: UserDialogProps) {
  const enable = trpc.admin.users.enable.useMutation(useChanged(onClose));
  return (
    <ActionDialog
      title={`Enable ${nameOf(user)}?`}
      action="Enable"
      mutation={enable}
      onSubmit={(reason) => enable.mutate({ userId: user.id, reason })}
      onClose={onClose}
      text="They can log in again, and their shared chats are public again. Revoked API tokens don’t come back."
    />
  );
}

export function EndSessionsDialog({ user, onClose }: UserDialogProps) {
  const end = trpc.admin.users.endSessions.useMutation(useChanged(onClose));
  return (
    <ActionDialog
      title={`Log ${nameOf(user)} out everywhere?`}
      action="Log out"
      isDangerous
      mutation={end}
      onSubmit={(reason, form) =>
        end.mutate({ userId: user.id, withTokens: form.has("tokens"), reason })
      }
      onClose={onClose}
      text="They’ll have to log in again in every browser. Answers in progress go on."
    >
      <TokenChoice />
    </ActionDialog>
  );
}
