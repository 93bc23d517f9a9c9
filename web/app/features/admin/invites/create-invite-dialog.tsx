import type { CreatedInviteOutput } from "api-worker/contracts/admin-invites";
import { useId } from "react";
import { readError } from "../../../lib/error-text.ts";
import { trpc } from "../../../lib/trpc.ts";
import { TextField } from "../../../ui/text-field.tsx";
import { ActionDialog } from "../frame/action-dialog.tsx";

interface CreateInviteDialogProps {
  readonly onCreated: (invite: CreatedInviteOutput) => void;
  readonly onClose: () => void;
}

const days = [1, 7, 30, 90];

/** Asks for whom a new invitation is, how often it works, and for how long. */
export function CreateInviteDialog({ onCreated, onClose }: CreateInviteDialogProps) {
  const daysId = useId();
  const utils = trpc.useUtils();
  const create = trpc.admin.invites.create.useMutation({
    async onSuccess(invite) {
      await utils.admin.invites.list.invalidate();
      onCreated(invite);
    },
  });
  const fields = create.error ? readError(create.error).fields : {};
  return (
    <ActionDialog
      title="New invitation"
      action="Create invitation"
      mutation={create}
      onSubmit={(reason, form) => {
        const email = String(form.get("email")).trim();
        create.mutate({
          ...(email !== "" && { email }),
          maxUses: Number(form.get("maxUses")),
          expiresInDays: Number(form.get("days")),
          reason,
        });
      }}
      onClose={onClose}
      text="Each person who uses the link creates an account of their own, without administrator rights."
    >
      <TextField
        label="Email address"
        name="email"
        type="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        hint="Optional. Only this address can use the link then."
        error={fields.email}
      />
      <TextField
        label="Accounts"
        name="maxUses"
        type="number"
        inputMode="numeric"
        min={1}
        max={1000}
        step={1}
        defaultValue={1}
        hint="How many accounts can be created with the link."
        error={fields.maxUses}
      />
      <div className="grid gap-1.5">
        <label htmlFor={daysId} className="font-medium">
          Works for
        </label>
        <select
          id={daysId}
          name="days"
          defaultValue={7}
          className="h-11 rounded-lg border border-line-strong bg-raised px-3.5 text-base"
        >
          {days.map((count) => (
            <option key={count} value={count}>
              {count === 1 ? "1 day" : `${count} days`}
            </option>
          ))}
        </select>
      </div>
    </ActionDialog>
  );
}
