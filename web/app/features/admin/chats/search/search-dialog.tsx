import type { UserOutput } from "api-worker/contracts/admin-users";
import { limits } from "api-worker/contracts/limits";
import { useNavigate } from "react-router";
import { readError } from "../../../../lib/error-text.ts";
import { trpc } from "../../../../lib/trpc.ts";
import { TextField } from "../../../../ui/text-field.tsx";
import { ActionDialog } from "../../frame/action-dialog.tsx";
import { nameOf } from "../../users/user-name.tsx";

interface SearchDialogProps {
  readonly user: Pick<UserOutput, "id" | "email" | "name">;
  readonly onClose: () => void;
}

/** Asks what one person's chats are searched for and why, and shows what is found. */
export function SearchDialog({ user, onClose }: SearchDialogProps) {
  const navigate = useNavigate();
  const search = trpc.admin.chats.openSearch.useMutation({
    onSuccess: ({ accessId }) => navigate(`/admin/searches/${accessId}`),
  });
  const refusal = search.error ? readError(search.error) : null;
  return (
    <ActionDialog
      title="Search these chats?"
      action="Search"
      needsReason
      mutation={search}
      onSubmit={(reason = "", form) =>
        search.mutate({ userId: user.id, query: String(form.get("query")), reason })
      }
      onClose={onClose}
      text={`${nameOf(user)} will see that you searched, for what, when, and this reason. You can read the results for an hour.`}
    >
      <TextField
        label="Text"
        name="query"
        maxLength={limits.searchQueryMaxLength}
        autoComplete="off"
        required
        error={refusal?.fields.query}
      />
    </ActionDialog>
  );
}
