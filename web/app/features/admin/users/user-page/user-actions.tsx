import type { UserOutput } from "api-worker/contracts/admin-users";
import { useState } from "react";
import { Button } from "../../../../ui/button.tsx";
import { DeleteUserDialog } from "./delete-user-dialog.tsx";
import { ResetLinkDialog } from "./reset-link-dialog.tsx";
import { DisableDialog, EnableDialog, EndSessionsDialog, RoleDialog } from "./user-dialogs.tsx";

type Action = "role" | "access" | "sessions" | "reset" | "delete";

/** What an administrator can do about a user. */
export function UserActions({ user }: { readonly user: UserOutput }) {
  const [action, setAction] = useState<Action | null>(null);
  const { isViewer, isGuest, isNamedAdmin, disabledAt, role } = user;
  const isAdmin = role === "admin";
  const isAdminBySetting = isAdmin && isNamedAdmin;
  const close = () => setAction(null);
  const props = { user, onClose: close };
  return (
    <section aria-labelledby="user-actions">
      <h2 id="user-actions" className="sr-only">
        Actions
      </h2>
      <div className="flex flex-wrap gap-3">
        {!isGuest && !isAdminBySetting && (
          <Button onClick={() => setAction("role")}>
            {isAdmin ? "Remove as administrator" : "Make administrator"}
          </Button>
        )}
        {!isViewer && (
          <>
            <Button onClick={() => setAction("sessions")}>Log out everywhere</Button>
            {!isGuest && disabledAt === null && (
              <Button onClick={() => setAction("reset")}>Reset password</Button>
            )}
            <Button onClick={() => setAction("access")}>
              {disabledAt === null ? "Disable" : "Enable"}
            </Button>
            <Button className="text-danger" onClick={() => setAction("delete")}>
              Delete user
            </Button>
          </>
        )}
      </div>
      {isAdminBySetting && (
        <p className="mt-3 text-sm text-muted">
          The setting ADMIN_EMAILS makes this user an administrator.
        </p>
      )}
      {isViewer && (
        <p className="mt-3 text-sm text-muted">
          This is you. Another administrator can disable or delete your account.
        </p>
      )}
      {action === "role" && <RoleDialog {...props} />}
      {action === "sessions" && <EndSessionsDialog {...props} />}
      {action === "access" &&
        (disabledAt === null ? <DisableDialog {...props} /> : <EnableDialog {...props} />)}
      {action === "reset" && <ResetLinkDialog {...props} />}
      {action === "delete" && <DeleteUserDialog {...props} />}
    </section>
  );
}
